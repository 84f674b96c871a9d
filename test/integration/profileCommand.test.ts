/** `evenkeel profile` from the outside: flamegraphs that name the functions, and mistakes that end in one line. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { spawnEvenkeel } from '../requirements.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function profile(
  ...args: string[]
): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  const child = spawnEvenkeel(['profile', '--seconds', '1', '--interval', '200', '--out', folder, ...args]);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { ...texts, exitCode };
}
const graph = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('a flamegraph', () => {
  it("of the arenas' scenario names their functions, on the terminal and in the file", async () => {
    const { stdout, exitCode } = await profile('--scenario', 'arena-storage', '--flags', 'all');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/arena/i);
    const html = graph(stdout.trim().split('\n').at(-1)!.split('/').at(-1)!);
    expect(html).toMatch(/"location":"src\/server\/keyspace\/[^"]*arena[^"]*"/i);
    expect(html).not.toMatch(/(src|href)="http/);
  });

  it('of two flag sets shows what the flag removed', async () => {
    const { stdout, exitCode } = await profile(
      '--scenario',
      'arena-storage',
      '--flags',
      'all',
      '--against',
      'none',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Largest differences of own time');
    const html = graph(stdout.trim().split('\n').at(-1)!.split('/').at(-1)!);
    const vanished =
      /"name":"([^"]+)","location":"(src\/server\/keyspace\/[^"]*map[^"]*)"[^{]*"total":0,/i.exec(html);
    expect(vanished, 'a function of the Map keyspace that is gone').not.toBeNull();
  });

  it('of allocations is in bytes a request', async () => {
    const { stdout, exitCode } = await profile('--scenario', 'get-set', '--tool', 'heap');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('bytes/request');
  });
});

describe('a mistake', () => {
  const tools = path.resolve(import.meta.dirname, '../../profiles/tools/node_modules');

  it.each([
    [['--tail', '--tool', 'heap'], /^evenkeel: --tail compares moments of one CPU profile: .*\n$/],
    [['--tool', '0x', '--against', 'none'], /^evenkeel: only --tool cpu and heap draw differences\n$/],
    [
      ['--tool', '0x', '--scenario', 'multi-key'],
      /^evenkeel: 0x sees one thread, .* take --tool cpu or heap\n$/,
    ],
    [['--flags', '+nonsense'], /\nevenkeel: --flags: no flag 'nonsense'; available: .*\n$/],
  ])('%j is told in one line', async (args, line) => {
    const { stderr, exitCode } = await profile(...args);
    expect(exitCode).not.toBe(0);
    expect(stderr.replace(/^profiling .*\n/, '')).toMatch(line);
    expect(readdirSync(folder).some((name) => name.includes('nonsense'))).toBe(false);
  });

  it.skipIf(existsSync(tools))('a profiler that is not installed is one line, with what to do', async () => {
    const { stderr, exitCode } = await profile('--tool', '0x');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\nevenkeel: 0x is not installed, .*npm ci --prefix profiles\/tools.*\n$/);
  });
});
