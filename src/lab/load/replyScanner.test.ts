/** The scanner counts what a plain recursive reader counts, however the stream is cut. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { ReplyFormatError, type ReplyKind, ReplyScanner, ReplyTally } from './replyScanner.ts';

const oneCommand = new Uint8Array([0]);

/** Scans `text` in chunks ending at `cuts`. @returns completed replies and the first command's row, zeros left out. */
function scan(text: string, cuts: readonly number[] = []) {
  const tally = new ReplyTally(1);
  const scanner = new ReplyScanner(tally, oneCommand, 1, 0);
  const bytes = Buffer.from(text, 'latin1');
  let completed = 0;
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    // Chunks arrive at the start of a shared buffer that holds older bytes behind them.
    const buffer = Buffer.alloc(to - from + 5, '+');
    bytes.copy(buffer, 0, from, to);
    completed += scanner.scan(buffer, to - from);
    from = to;
  }
  const row = Object.fromEntries(Object.entries(tally.row(0)).filter(([, count]) => count > 0));
  return { completed, row: row as Partial<Record<ReplyKind, number>>, errors: tally.errors };
}

const samples: [string, string, number, Partial<Record<ReplyKind, number>>][] = [
  ['simple', '+OK\r\n', 1, { simple: 1 }],
  ['empty simple', '+\r\n', 1, { simple: 1 }],
  ['integers', ':0\r\n:-12\r\n:99999999999\r\n', 3, { integer: 3 }],
  ['bulk', '$5\r\nhello\r\n', 1, { bulk: 1 }],
  ['empty bulk', '$0\r\n\r\n', 1, { bulk: 1 }],
  ['bulk of line ends', '$8\r\n\r\n$-1\r\n\n\r\n', 1, { bulk: 1 }],
  ['nil bulk', '$-1\r\n', 1, { nil: 1 }],
  ['nil array', '*-1\r\n', 1, { nil: 1 }],
  ['error', '-ERR no\r\n', 1, { error: 1 }],
  ['empty array', '*0\r\n+OK\r\n', 2, { emptyArray: 1, simple: 1 }],
  ['array', '*3\r\n$1\r\na\r\n$-1\r\n$2\r\nbc\r\n', 1, { array: 1, nestedBulk: 2, nestedNil: 1 }],
  ['nested', '*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n$1\r\nx\r\n:5\r\n', 2, { array: 1, nestedBulk: 1, integer: 1 }],
  ['RESP3 null, boolean, double', '_\r\n#t\r\n,1.5\r\n(123\r\n', 4, { nil: 1, other: 3 }],
  [
    'RESP3 map and set',
    '%1\r\n+a\r\n$1\r\nb\r\n~2\r\n:1\r\n_\r\n',
    2,
    { array: 2, nestedBulk: 1, nestedNil: 1 },
  ],
  ['verbatim and bulk error', '=7\r\ntxt:abc\r\n!5\r\nERR x\r\n', 2, { other: 1, error: 1 }],
];

describe('ReplyScanner', () => {
  it.each(samples)('%s, whole', (_, text, completed, row) => {
    expect(scan(text)).toMatchObject({ completed, row });
  });

  it.each(samples)('%s, byte by byte', (_, text, completed, row) => {
    const cuts = Array.from({ length: text.length - 1 }, (__, i) => i + 1);
    expect(scan(text, cuts)).toMatchObject({ completed, row });
  });

  it('is blind to how a long stream is cut', () => {
    const seed = 4711;
    const random = new Prng(seed);
    for (let round = 0; round < 200; round++) {
      let text = '';
      const expected: Partial<Record<ReplyKind, number>> = {};
      let completed = 0;
      for (let i = 0; i < 20; i++) {
        const [, part, times, row] = samples[random.below(samples.length)]!;
        text += part;
        completed += times;
        for (const [kind, count] of Object.entries(row) as [ReplyKind, number][]) {
          expected[kind] = (expected[kind] ?? 0) + count;
        }
      }
      const cuts = Array.from({ length: random.below(30) }, () => random.below(text.length)).sort(
        (a, b) => a - b,
      );
      const seen = scan(text, cuts);
      expect({ completed: seen.completed, row: seen.row }, `seed ${seed}, round ${round}`).toEqual({
        completed,
        row: expected,
      });
    }
  });

  it('keeps the first error texts, each with its count', () => {
    const text = '-WRONGTYPE Operation against\r\n-ERR a\r\n-WRONGTYPE Operation against\r\n';
    expect(scan(text, [3, 40]).errors).toEqual([
      { text: 'WRONGTYPE Operation against', count: 2 },
      { text: 'ERR a', count: 1 },
    ]);
  });

  it('survives an error text longer than it keeps', () => {
    const text = `-ERR ${'x'.repeat(2000)}\r\n+OK\r\n`;
    for (const cuts of [[], [600], [3, 1900]]) expect(scan(text, cuts).row).toEqual({ error: 1, simple: 1 });
  });

  it('gives each reply to the command it answers, around the ring', () => {
    const tally = new ReplyTally(3);
    const scanner = new ReplyScanner(tally, new Uint8Array([0, 1, 1]), 3, 2);
    const replies = Buffer.from('*2\r\n$1\r\na\r\n$-1\r\n+OK\r\n$1\r\nx\r\n:1\r\n', 'latin1');
    expect(scanner.scan(replies, replies.length)).toBe(4);
    expect(tally.row(1)).toMatchObject({ array: 1, nestedBulk: 1, nestedNil: 1, bulk: 1, integer: 1 });
    expect(tally.row(0)).toMatchObject({ simple: 1, bulk: 0 });
    scanner.useRow(2);
    scanner.scan(Buffer.from('+PONG\r\n'), 7);
    expect(tally.row(2).simple).toBe(1);
  });

  it.each(['hello\r\n', '\r\n', '$x\r\n', '$5', '*1.5\r\n', '$\r\n', '$12\n'])('refuses %j', (text) => {
    if (text === '$5') expect(scan(text).completed).toBe(0);
    else expect(() => scan(text)).toThrow(ReplyFormatError);
  });
});
