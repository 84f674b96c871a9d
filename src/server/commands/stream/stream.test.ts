/** What the random comparison with Redis cannot see: ids made from the clock, and times. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { type Argument, CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';

let h: CommandHarness;
const run = (...words: Argument[]): unknown => h.run(...words);
beforeEach(() => {
  h = new CommandHarness();
});

describe('a stream', () => {
  it('makes ids from the clock, and never one that is not above the last', () => {
    const now = HARNESS_EPOCH_MS;
    expect(run('XADD', 'x', '*', 'f', 'v')).toBe(`${now}-0`);
    expect(run('XADD', 'x', '*', 'f', 'v')).toBe(`${now}-1`);
    h.clock.advanceMs(5);
    expect(run('XADD', 'x', '*', 'f', 'v')).toBe(`${now + 5}-0`);
    expect(run('XADD', 'x', `${now + 100}-*`, 'f', 'v')).toBe(`${now + 100}-0`);
    expect(run('XADD', 'x', '*', 'f', 'v')).toBe(`${now + 100}-1`);
    expect(run('XADD', 'x', '18446744073709551615-18446744073709551615', 'f', 'v')).toBe(
      '18446744073709551615-18446744073709551615',
    );
    expect(run('XADD', 'x', '*', 'f', 'v')).toEqual(
      new ErrorReply('ERR The stream has exhausted the last possible ID, unable to add more items'),
    );
  });

  it('holds thousands of entries across its nodes, in order both ways', () => {
    const ids: string[] = [];
    for (let i = 1; i <= 3000; i++) {
      run('XADD', 'x', `${i}-1`, 'n', i, ...(i % 3 === 0 ? ['extra', 'x'.repeat(50)] : []));
      ids.push(`${i}-1`);
    }
    const listed = (reply: unknown): string[] => (reply as [string, unknown][]).map(([id]) => id);
    expect(listed(run('XRANGE', 'x', '-', '+'))).toEqual(ids);
    expect(listed(run('XREVRANGE', 'x', '+', '-'))).toEqual(ids.toReversed());
    expect(listed(run('XRANGE', 'x', '1500', '1502'))).toEqual(['1500-1', '1501-1', '1502-1']);
    for (let i = 2; i <= 3000; i += 2) run('XDEL', 'x', `${i}-1`);
    expect(run('XLEN', 'x')).toBe(1500);
    expect(listed(run('XRANGE', 'x', '-', '+'))).toEqual(ids.filter((_, i) => i % 2 === 0));
    expect(run('XTRIM', 'x', 'MAXLEN', '10')).toBe(1490);
    expect(listed(run('XRANGE', 'x', '-', '+'))).toEqual(ids.filter((_, i) => i % 2 === 0).slice(-10));
    const payload = Buffer.from(run('DUMP', 'x') as string, 'latin1');
    expect(run('RESTORE', 'y', 0, payload)).toBe('OK');
    expect(run('XRANGE', 'y', '-', '+')).toEqual(run('XRANGE', 'x', '-', '+'));
    expect(run('XINFO', 'STREAM', 'y')).toEqual(run('XINFO', 'STREAM', 'x'));
  });

  it('tells how long entries have been pending, and lets others claim them', () => {
    run('XGROUP', 'CREATE', 'x', 'g', '0', 'MKSTREAM');
    for (let i = 1; i <= 3; i++) run('XADD', 'x', `${i}-0`, 'f', 'v');
    run('XREADGROUP', 'GROUP', 'g', 'slow', 'COUNT', 2, 'STREAMS', 'x', '>');
    h.clock.advanceMs(5000);
    expect(run('XPENDING', 'x', 'g', 'IDLE', 4000, '-', '+', 10)).toEqual([
      ['1-0', 'slow', 5000, 1],
      ['2-0', 'slow', 5000, 1],
    ]);
    expect(run('XCLAIM', 'x', 'g', 'quick', 6000, '1-0')).toEqual([]);
    expect(run('XCLAIM', 'x', 'g', 'quick', 4000, '1-0', 'JUSTID')).toEqual(['1-0']);
    run('XDEL', 'x', '2-0');
    expect(run('XAUTOCLAIM', 'x', 'g', 'quick', 4000, '-')).toEqual(['0-0', [], ['2-0']]);
    expect(run('XPENDING', 'x', 'g')).toEqual([1, '1-0', '1-0', [['quick', '1']]]);
    expect(run('XACK', 'x', 'g', '1-0', '9-9')).toBe(1);
    expect(run('XINFO', 'CONSUMERS', 'x', 'g')).toEqual([
      ['name', 'quick', 'pending', 0, 'idle', 0, 'inactive', 0],
      ['name', 'slow', 'pending', 0, 'idle', 5000, 'inactive', 5000],
    ]);
  });
});
