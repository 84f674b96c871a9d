import { describe, expect, it } from 'vitest';
import {
  kilobyteField,
  ProcFormatError,
  parseColonLines,
  parseCpuList,
  parseCpuTimes,
  parseSchedStat,
  parseStatTicks,
} from './procFormats.ts';

describe('/proc formats', () => {
  it('reads schedstat', () => {
    expect(parseSchedStat('425805 1200 17\n')).toEqual({ onCpuNs: 425805, runQueueWaitNs: 1200 });
    for (const text of ['', 'x y z', '12']) expect(() => parseSchedStat(text)).toThrow(ProcFormatError);
  });

  it('reads user and system ticks, whatever the process calls itself', () => {
    const after = 'S 1 2 2 0 -1 4194304 102 0 0 0 777 888 0 0 20 0 1 0 205996 3133440';
    for (const name of ['redis-server', 'node (a) b', ') 5 5 (']) {
      expect(parseStatTicks(`123 (${name}) ${after}`)).toEqual({ userTicks: 777, systemTicks: 888 });
    }
    expect(() => parseStatTicks('123 (cut')).toThrow(ProcFormatError);
    expect(() => parseStatTicks('123 (cut) S 1')).toThrow(ProcFormatError);
  });

  it('reads colon lines and their kilobytes', () => {
    const fields = parseColonLines('Name:\tnode\nVmRSS:\t    2068 kB\nodd line\nThreads:\t1\n');
    expect(kilobyteField(fields, 'VmRSS')).toBe(2068 * 1024);
    expect(kilobyteField(fields, 'Threads')).toBeUndefined();
    expect(kilobyteField(fields, 'VmSwap')).toBeUndefined();
  });

  it('reads CPU times, guest time not counted twice', () => {
    const times = parseCpuTimes('cpu  10 1 20 300 5 0 2 42 7 3\ncpu0 5 0 10 150 2 0 1 21 7 3\nintr 1 2\n');
    expect(times.get('all')).toEqual({ totalTicks: 380, stealTicks: 42, idleTicks: 305 });
    expect(times.get(0)).toEqual({ totalTicks: 189, stealTicks: 21, idleTicks: 152 });
    expect(() => parseCpuTimes('intr 1\n')).toThrow(ProcFormatError);
  });

  it('reads CPU lists', () => {
    expect(parseCpuList('0-2,5\n')).toEqual([0, 1, 2, 5]);
    expect(parseCpuList('3')).toEqual([3]);
    expect(parseCpuList('')).toEqual([]);
    expect(() => parseCpuList('0-')).toThrow(ProcFormatError);
  });
});
