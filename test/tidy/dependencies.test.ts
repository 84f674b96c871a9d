/** Who may import whom: ARCHITECTURE.md's picture, checked. */
import { describe, expect, it } from 'vitest';
import { readSources, type Source } from './sources.ts';

const sources = readSources('src/').filter((source) => !source.isTest);

/** Top-level folders and what each may import, itself included. */
const MAY_IMPORT: Record<string, string[]> = {
  base: ['base'],
  ports: ['base', 'ports'],
  flags: ['flags'],
  page: ['base', 'page'],
  server: ['base', 'ports', 'server'],
  observability: ['base', 'ports', 'page', 'observability'],
  profiling: ['base', 'ports', 'profiling'],
  lab: ['base', 'ports', 'page', 'lab'],
  main: ['base', 'ports', 'page', 'flags', 'server', 'observability', 'profiling', 'lab', 'main'],
};

/** Inside the server a layer may use the layers behind it, never those before it. Types are free: they are gone at run time. */
const SERVER_LAYERS = ['transport', 'protocol', 'routing', 'commands', 'expiry', 'keyspace'];

const topFolder = (path: string): string => path.split('/')[1]!;
const layer = (path: string): number =>
  path.startsWith('src/server/') ? SERVER_LAYERS.indexOf(path.split('/')[2]!) : -1;

describe('dependencies', () => {
  it('go from main down to base', () => {
    const wrong: string[] = [];
    for (const source of sources) {
      for (const { target } of source.imports) {
        if (!target.startsWith('src/')) continue;
        if (!MAY_IMPORT[topFolder(source.path)]?.includes(topFolder(target)))
          wrong.push(`${source.path} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('go from transport to keyspace inside the server', () => {
    const wrong: string[] = [];
    for (const source of sources) {
      if (layer(source.path) < 0) continue;
      for (const { target, typeOnly } of source.imports) {
        if (!typeOnly && layer(target) >= 0 && layer(target) < layer(source.path))
          wrong.push(`${source.path} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('form no cycle at run time', () => {
    const byPath = new Map(sources.map((source) => [source.path, source]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (source: Source, trail: string[]): void => {
      const seenAt = trail.indexOf(source.path);
      if (seenAt >= 0) {
        cycles.push([...trail.slice(seenAt), source.path].join(' -> '));
        return;
      }
      if (done.has(source.path)) return;
      for (const { target, typeOnly } of source.imports) {
        const next = typeOnly ? undefined : byPath.get(target);
        if (next !== undefined) visit(next, [...trail, source.path]);
      }
      done.add(source.path);
    };
    for (const source of sources) visit(source, []);
    expect(cycles).toEqual([]);
  });

  it('leave ports/real to the composition roots and the lab', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter(
          ({ target }) =>
            target.startsWith('src/ports/real/') && !/^src\/(ports|main|lab|profiling)\//.test(source.path),
        )
        .map(({ target }) => `${source.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('leave the choice of variants to main', () => {
    const wrong = sources
      .filter((source) => !source.path.startsWith('src/main/') && !source.path.startsWith('src/flags/'))
      .filter(
        (source) =>
          /\bflags\s*\.\s*(has|includes|indexOf|some|find)\b|\bselectFlags\b/.test(source.code) &&
          !source.path.startsWith('src/lab/'),
      )
      .map((source) => source.path)
      // A command's own flags (`write`, `fast`) are data of the command, not optimisations.
      .filter((path) => !path.startsWith('src/server/commands/'));
    expect(wrong).toEqual([]);
  });
});
