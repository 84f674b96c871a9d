/** Lengths, names, leftovers, and lists that must be fresh. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND_LIST_PATH, renderCommandList } from './commandList.ts';
import { listFiles, ROOT, readSources } from './sources.ts';

/** One idea is about 300 lines; beyond this a file says at its head why it is one idea still: `Length: <reason>`. */
const LINES_MAX = 450;
const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|manager|shared|stuff)(\.|$)/i;
/** Put together here so that this file does not find itself. */
const LEFTOVERS = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X:|\\.only\\('].join(''));

describe('files', () => {
  const sources = [...readSources('src/'), ...readSources('test/'), ...readSources('experiments/')];

  it(`are at most ${LINES_MAX} lines long, or say why not`, () => {
    const long = sources
      .map((source) => ({ path: source.path, lines: source.text.split('\n').length - 1, text: source.text }))
      .filter(
        ({ lines, text }) =>
          lines > LINES_MAX && !/^\s*(\*|\/\/)? ?\*? ?Length: \S/m.test(text.slice(0, 3000)),
      )
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });

  it('have names of the field', () => {
    expect(
      listFiles('').filter((path) => path.split('/').some((part) => FORBIDDEN_NAMES.test(part))),
    ).toEqual([]);
  });

  it('hold no leftovers', () => {
    expect(sources.filter((source) => LEFTOVERS.test(source.text)).map((source) => source.path)).toEqual([]);
  });

  it('name no path of somebody’s machine', () => {
    const wrong = [...listFiles('.md'), ...listFiles('.ts'), ...listFiles('Makefile')].filter((path) =>
      /(^|[\s'"`(=])\/(work|root)\//m.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('list every command (node test/tidy/commandList.ts)', () => {
    const normal = (text: string): string => text.replace(/\s+/g, ' ');
    expect(normal(readFileSync(COMMAND_LIST_PATH, 'utf8'))).toBe(normal(renderCommandList()));
  });
});
