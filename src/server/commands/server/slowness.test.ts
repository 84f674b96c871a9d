/** SLOWLOG, LATENCY and INFO latencystats over a simulated clock: DEBUG SLEEP takes exactly as long as it says. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';

let h: CommandHarness;
beforeEach(() => {
  h = new CommandHarness({ configuration: { 'enable-debug-command': 'yes' } });
});
const sleep = (seconds: number): unknown => h.run('DEBUG', 'SLEEP', seconds);
const epochSec = HARNESS_EPOCH_MS / 1000;

type Entry = [id: number, atSec: number, us: number, args: string[], address: string, name: string];
const slowlog = (...args: (string | number)[]): Entry[] => h.run('SLOWLOG', 'GET', ...args) as Entry[];

describe('SLOWLOG', () => {
  it('keeps what took longer than the limit, newest first', () => {
    h.run('CLIENT', 'SETNAME', 'tester');
    sleep(0.02);
    sleep(0.005);
    sleep(0.03);
    expect(h.run('SLOWLOG', 'LEN')).toBe(2);
    const entries = slowlog();
    expect(entries.map(([id, , us]) => [id, us])).toEqual([
      [1, 30_000],
      [0, 20_000],
    ]);
    expect(entries[0]![3]).toEqual(['DEBUG', 'SLEEP', '0.03']);
    expect(entries[0]![5]).toBe('tester');
    expect(entries[1]![1]).toBe(epochSec);
    expect(slowlog(1)).toHaveLength(1);
    expect(slowlog(0)).toHaveLength(0);
    expect(slowlog(-1)).toHaveLength(2);
    h.run('SLOWLOG', 'RESET');
    expect(h.run('SLOWLOG', 'LEN')).toBe(0);
    sleep(0.02);
    expect(slowlog()[0]![0]).toBe(2);
  });

  it('keeps as many as it may, at once when that changes', () => {
    h.run('CONFIG', 'SET', 'slowlog-max-len', 3);
    for (let i = 1; i <= 5; i++) sleep(0.01 * i);
    expect(slowlog().map(([id]) => id)).toEqual([4, 3, 2]);
    h.run('CONFIG', 'SET', 'slowlog-max-len', 1);
    expect(slowlog().map(([id]) => id)).toEqual([4]);
    h.run('CONFIG', 'SET', 'slowlog-max-len', 0);
    sleep(1);
    expect(slowlog()).toEqual([]);
  });

  it('keeps every command at a limit of zero, the fast ones too, and none below it', () => {
    h.run('CONFIG', 'SET', 'slowlog-log-slower-than', 0);
    for (let i = 0; i < 20; i++) h.run('SET', `key:${i}`, 'v');
    h.run('GET', 'key:0');
    const names = slowlog(-1).map(([, , , args]) => args[0]);
    expect(names.filter((name) => name === 'SET')).toHaveLength(20);
    expect(names[0]).toBe('GET');
    h.run('CONFIG', 'SET', 'slowlog-log-slower-than', -1);
    h.run('SLOWLOG', 'RESET');
    sleep(1);
    expect(h.run('SLOWLOG', 'LEN')).toBe(0);
  });

  it('bounds what it keeps of a command, and keeps no passwords', () => {
    h.run('CONFIG', 'SET', 'slowlog-log-slower-than', 0);
    h.run('SLOWLOG', 'RESET');
    h.run('DEL', ...Array.from({ length: 40 }, (_, i) => `k${i}`));
    h.run('GET', 'x'.repeat(200));
    h.run('CONFIG', 'SET', 'maxmemory', 0, 'requirepass', 'secret');
    h.run('AUTH', 'secret');
    h.run('HELLO', 3, 'AUTH', 'default', 'secret');
    h.run('HELLO', 2);
    const commands = slowlog(-1).map(([, , , args]) => args);
    expect(JSON.stringify(commands)).not.toContain('secret');
    const del = commands.find(([name]) => name === 'DEL')!;
    expect(del).toHaveLength(32);
    expect(del.at(-1)).toBe('... (10 more arguments)');
    expect(commands.find(([name]) => name === 'GET')![1]).toBe(`${'x'.repeat(128)}... (72 more bytes)`);
    expect(commands.find(([name]) => name === 'AUTH')).toEqual(['AUTH', '(redacted)']);
    expect(commands.find(([, , flag]) => flag === 'AUTH')).toEqual([
      'HELLO',
      '3',
      'AUTH',
      '(redacted)',
      '(redacted)',
    ]);
  });
});

describe('LATENCY', () => {
  it('remembers events from a threshold on, the longest of each second', () => {
    sleep(0.5);
    expect(h.run('LATENCY', 'LATEST')).toEqual([]);
    h.run('CONFIG', 'SET', 'latency-monitor-threshold', 100);
    h.advance(500);
    sleep(0.2);
    sleep(0.3);
    h.advance(2000);
    sleep(0.15);
    sleep(0.05);
    const latest = h.run('LATENCY', 'LATEST') as unknown[][];
    expect(latest).toHaveLength(1);
    expect(latest[0]!.slice(0, 1)).toEqual(['command']);
    expect(latest[0]!.slice(2)).toEqual([150, 300]);
    const history = h.run('LATENCY', 'HISTORY', 'command') as [number, number][];
    expect(history.map(([, ms]) => ms)).toEqual([300, 150]);
    expect(h.run('LATENCY', 'HISTORY', 'expire-cycle')).toEqual([]);
  });

  it('draws and explains them, and forgets on request', () => {
    h.run('CONFIG', 'SET', 'latency-monitor-threshold', 10);
    expect(h.run('LATENCY', 'DOCTOR')).toContain('Nothing to report');
    for (const seconds of [0.02, 0.05, 0.4, 0.1]) {
      sleep(seconds);
      h.advance(1000);
    }
    const graph = String(h.run('LATENCY', 'GRAPH', 'command')).split('\n');
    expect(graph[0]).toBe('command - high 400 ms, low 20 ms (all time high 400 ms)');
    expect(graph[1]).toBe('-'.repeat(80));
    expect(graph.slice(2, 6)).toEqual(['  # ', '  | ', '  | ', '__|#']);
    expect(graph.slice(7)).toEqual(['4321', 'ssss', '']);
    expect(h.run('LATENCY', 'GRAPH', 'fork')).toEqual(
      new ErrorReply("ERR No samples available for event 'fork'"),
    );
    const report = String(h.run('LATENCY', 'DOCTOR'));
    expect(report).toMatch(/1\. command: 4 latency spikes .*Worst all time event 400 ms/);
    expect(h.run('LATENCY', 'RESET', 'fork')).toBe(0);
    expect(h.run('LATENCY', 'RESET')).toBe(1);
    expect(h.run('LATENCY', 'LATEST')).toEqual([]);
  });

  it('keeps 160 seconds of each kind', () => {
    h.run('CONFIG', 'SET', 'latency-monitor-threshold', 10);
    for (let i = 0; i < 170; i++) {
      sleep(0.02);
      h.advance(1000);
    }
    expect(h.run('LATENCY', 'HISTORY', 'command')).toHaveLength(160);
  });

  it('has distributions of execution times by command', () => {
    for (const seconds of [0.001, 0.002, 0.002, 0.1]) sleep(seconds);
    h.run('HELLO', 3);
    const histogram = h.run('LATENCY', 'HISTOGRAM', 'debug', 'nonsense') as Map<string, Map<string, unknown>>;
    expect([...histogram.keys()]).toEqual(['debug']);
    const sleeps = histogram.get('debug')!;
    expect(sleeps.get('calls')).toBe(4);
    const buckets = [...(sleeps.get('histogram_usec') as Map<number, number>)];
    expect(buckets).toEqual([
      [1024, 1],
      [2048, 3],
      [131_072, 4],
    ]);
  });
});

describe('INFO latencystats', () => {
  const line = (): string | undefined =>
    /latency_percentiles_usec_debug\S*/.exec(String(h.run('INFO', 'latencystats')))?.[0];

  it('has the percentiles asked for, unless it is turned off', () => {
    for (let i = 0; i < 10; i++) sleep(0.001);
    expect(line()).toMatch(/:p50=\d+\.\d{3},p99=\d+\.\d{3},p99\.9=\d+\.\d{3}$/);
    const p50 = Number(/p50=([\d.]+)/.exec(line()!)![1]);
    expect(p50 / 1000).toBeGreaterThan(0.93);
    expect(p50 / 1000).toBeLessThan(1.07);
    h.run('CONFIG', 'SET', 'latency-tracking-info-percentiles', '10');
    expect(line()).toMatch(/:p10=\d+\.\d{3}$/);
    h.run('CONFIG', 'SET', 'latency-tracking', 'no');
    expect(line()).toBeUndefined();
  });
});
