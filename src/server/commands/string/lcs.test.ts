import { describe, expect, it } from 'vitest';
import { CommandHarness, type HarnessOptions } from '../commandHarness.ts';

const VARIANTS: HarnessOptions[] = [
  { arena: false, fastPath: false, reusedReplies: false },
  { arena: true, fastPath: true, reusedReplies: true },
];

const NOT_AN_INTEGER = '-ERR value is not an integer or out of range\r\n';
const SYNTAX = '-ERR syntax error\r\n';

describe.each(VARIANTS)('LCS, %o', (options) => {
  const harness = (more: HarnessOptions = {}): CommandHarness => new CommandHarness({ ...options, ...more });
  /** Runs commands written as words and returns the bytes of the last reply. */
  const last = (h: CommandHarness, ...lines: string[]): string => {
    let reply = '';
    for (const line of lines) reply = h.raw(...line.split(' ')).toString('latin1');
    return reply;
  };

  const prepared = (): CommandHarness => {
    const h = harness();
    last(h, 'MSET a ohmytext b mynewtext');
    return h;
  };

  it('finds text, length and ranges', () => {
    const h = prepared();
    expect(last(h, 'LCS a b')).toBe('$6\r\nmytext\r\n');
    expect(last(h, 'LCS a b LEN')).toBe(':6\r\n');
    const ranges = [
      [
        [4, 7],
        [5, 8],
      ],
      [
        [2, 3],
        [0, 1],
      ],
    ];
    expect(h.run('LCS', 'a', 'b', 'IDX')).toEqual(['matches', ranges, 'len', 6]);
    expect(h.run('LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', '4', 'withmatchlen')).toEqual([
      'matches',
      [[[4, 7], [5, 8], 4]],
      'len',
      6,
    ]);
    h.run('HELLO', '3');
    expect(h.run('LCS', 'a', 'b', 'IDX')).toEqual(
      new Map<string, unknown>([
        ['matches', ranges],
        ['len', 6],
      ]),
    );
  });

  it('treats absent keys as empty', () => {
    const h = prepared();
    expect(last(h, 'LCS a none')).toBe('$0\r\n\r\n');
    expect(last(h, 'LCS none none2 LEN')).toBe(':0\r\n');
    expect(h.run('LCS', 'none', 'b', 'IDX')).toEqual(['matches', [], 'len', 0]);
  });

  it('refuses other types, bad options and tables beyond proto-max-bulk-len', () => {
    const h = prepared();
    expect(last(h, 'LCS a b FOO')).toBe(SYNTAX);
    expect(last(h, 'LCS a b MINMATCHLEN')).toBe(SYNTAX);
    expect(last(h, 'LCS a b MINMATCHLEN x')).toBe(NOT_AN_INTEGER);
    expect(last(h, 'LCS a b LEN IDX')).toBe(
      '-ERR If you want both the length and indexes, please just use IDX.\r\n',
    );
    expect(last(h, 'HSET hash f v', 'LCS a hash FOO')).toBe(
      '-ERR The specified keys must contain string values\r\n',
    );
    const small = harness({ configuration: { 'proto-max-bulk-len': '1mb' } });
    small.run('MSET', 'a', 'x'.repeat(511), 'b', 'y'.repeat(511), 'c', 'y'.repeat(512));
    expect(last(small, 'LCS a b LEN')).toBe(':0\r\n');
    expect(last(small, 'LCS b c LEN')).toBe(
      '-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n',
    );
  });
});
