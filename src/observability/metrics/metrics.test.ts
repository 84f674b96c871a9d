/** Both expositions over a recording with known contents. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FIGURES } from '../../ports/probe.ts';
import { SimulatedClock } from '../../ports/sim/simulatedClock.ts';
import type { ObservedServer } from '../observedServer.ts';
import { ShardRecorder } from '../recording/shardRecorder.ts';
import { ShardRecording } from '../recording/shardRecording.ts';
import { Exposition, type ReadMetric } from './exposition.ts';
import { redisExporterMetrics } from './redisExporterMetrics.ts';
import { serverMetrics } from './serverMetrics.ts';

const COMMANDS = ['get', 'set', 'config|get'];
let server: ObservedServer;

beforeEach(() => {
  const clock = new SimulatedClock(1000);
  const recordings = [0, 1].map((shard) => {
    const recorder = new ShardRecorder({ commands: COMMANDS.length, databases: 2 }, clock, {
      afterTurn: () => {},
      idleUs: () => 0,
      sendBehindTurnUs: 0,
    });
    recorder.batchBegins();
    recorder.called(0);
    recorder.called(1);
    clock.advanceMs(3);
    recorder.batchEnds(1, 0);
    const { regions } = recorder;
    regions.calls.set([10 * (shard + 1), 5, 0]);
    regions.keys.set([100, 0]);
    regions.figures.fill(shard + 1);
    regions.figures[FIGURES.indexOf('usedMemoryBytes')] = 5000;
    return new ShardRecording({ buffer: regions.buffer, commands: COMMANDS, databases: 2, epochUs: 0 });
  });
  server = {
    facts: {
      version: '1.2.3',
      gitSha: 'abc',
      nodeVersion: 'v24',
      flags: ['fast-path', 'a"b'],
      startedMs: 500_000,
    },
    recordings,
    meters: {
      cpuUserSec: () => 1.5,
      cpuSystemSec: () => 0.25,
      residentBytes: () => 1e6,
      runQueueWaitSec: (shard) => (shard === 0 ? 0.125 : undefined),
    },
    nowMs: () => 600_000,
  };
});

const linesOf = async (metrics: ReadMetric[], strict = true): Promise<string[]> =>
  (await new Exposition(metrics, strict).text()).split('\n');

describe('/metrics', () => {
  it('names shards, commands, databases and causes', async () => {
    const lines = await linesOf(serverMetrics(server));
    expect(lines).toContain('evenkeel_commands_total{shard="1",command="get"} 20');
    expect(lines).toContain('evenkeel_keys{shard="0",db="db0"} 100');
    expect(lines).toContain('evenkeel_memory_per_key_bytes{shard="0"} 50');
    expect(lines).toContain('evenkeel_memory_bytes{shard="1",cause="index"} 2');
    expect(lines).toContain('evenkeel_run_queue_wait_seconds_total{shard="0"} 0.125');
    expect(lines).toContain('process_cpu_seconds_total 1.75');
    expect(lines.filter((line) => line.startsWith('evenkeel_run_queue_wait_seconds_total'))).toHaveLength(1);
    expect(lines.find((line) => line.startsWith('evenkeel_build_info'))).toContain('flags="fast-path,a\\"b"');
    expect(lines.some((line) => line.includes('config|get'))).toBe(false);
  });

  it('has histograms that are cumulative and end in their count', async () => {
    const lines = await linesOf(serverMetrics(server));
    const buckets = lines.filter((line) =>
      line.startsWith('evenkeel_service_duration_seconds_bucket{shard="0"'),
    );
    const counts = buckets.map((line) => Number(line.split(' ').at(-1)));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(2);
    const bound = (line: string): number =>
      Number(/le="([^"]+)"/.exec(line)![1]!.replace('+Inf', 'Infinity'));
    const firstAbove = buckets.find((line) => Number(line.split(' ').at(-1)) > 0)!;
    expect(bound(firstAbove)).toBeGreaterThan(0.003);
    expect(bound(firstAbove)).toBeLessThanOrEqual(0.003 * 1.25);
    expect(lines).toContain('evenkeel_service_duration_seconds_count{shard="0"} 2');
    expect(lines).toContain('evenkeel_service_duration_seconds_sum{shard="0"} 0.006');
    expect(lines).toContain('evenkeel_batch_requests_bucket{shard="0",le="3"} 1');
  });

  it('refuses names that break the rules', () => {
    const metric = (fields: Partial<ReadMetric>): ReadMetric => ({
      name: 'evenkeel_things',
      help: 'Things.',
      type: 'gauge',
      samples: () => [],
      ...fields,
    });
    expect(() => new Exposition([metric({})])).not.toThrow();
    expect(() => new Exposition([metric({ name: 'evenkeel_wait_ms' })])).toThrow('base unit');
    expect(() => new Exposition([metric({ type: 'counter' })])).toThrow('_total');
    expect(() => new Exposition([metric({ name: 'evenkeel_things_total' })])).toThrow('_total');
    expect(() => new Exposition([metric({ name: 'Things' })])).toThrow('name');
    expect(() => new Exposition([metric({ help: '' })])).toThrow('help');
    expect(() => new Exposition([metric({}), metric({})])).toThrow('already');
  });
});

describe('/metrics/redis-exporter', () => {
  it('sums the shards under the names that dashboards know', async () => {
    const lines = await linesOf(redisExporterMetrics(server), false);
    expect(lines).toContain('redis_up 1');
    expect(lines).toContain('redis_uptime_in_seconds 100');
    expect(lines).toContain('redis_commands_total{cmd="get"} 30');
    expect(lines).toContain('redis_db_keys{db="db0"} 200');
    expect(lines).toContain('redis_memory_used_bytes 10000');
    expect(lines).toContain('redis_mem_fragmentation_ratio 100');
    const wanted =
      'up uptime_in_seconds connected_clients blocked_clients memory_used_bytes memory_max_bytes memory_used_rss_bytes commands_total ' +
      'commands_duration_seconds_total keyspace_hits_total keyspace_misses_total net_input_bytes_total net_output_bytes_total db_keys ' +
      'db_keys_expiring expired_keys_total evicted_keys_total connected_slaves mem_fragmentation_ratio';
    for (const name of wanted.split(' '))
      expect(
        lines.some((line) => new RegExp(`^redis_${name}[{ ]`).test(line)),
        name,
      ).toBe(true);
  });
});
