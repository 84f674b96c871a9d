/**
 * What a server tells of its own runtime, as differences of INFO fields over warm-up and measurement: garbage collection pauses and
 * allocated bytes. Redis has neither; a field that is missing or runs backwards gives no metric rather than a wrong one.
 *
 *   evenkeel_gc_pause_us       microseconds spent in collections since start
 *   evenkeel_allocated_bytes   bytes allocated on the runtime's heap since start
 *   total_commands_processed, server_time_usec   what they are divided by
 */
import type { MetricId } from './result.ts';

type Info = ReadonlyMap<string, string>;

export function runtimeMetrics(before: Info, after: Info): Partial<Record<MetricId, number>> {
  const metrics: Partial<Record<MetricId, number>> = {};
  const allocatedBytes = growth(before, after, 'evenkeel_allocated_bytes');
  const commands = growth(before, after, 'total_commands_processed');
  if (allocatedBytes !== undefined && commands !== undefined && commands > 0) {
    metrics['allocated-bytes-per-request'] = allocatedBytes / commands;
  }
  const pauseUs = growth(before, after, 'evenkeel_gc_pause_us');
  const timeUs = growth(before, after, 'server_time_usec');
  if (pauseUs !== undefined && timeUs !== undefined && timeUs > 0) {
    metrics['gc-pause-us-per-sec'] = pauseUs / (timeUs / 1e6);
  }
  return metrics;
}

function growth(before: Info, after: Info, field: string): number | undefined {
  const [start, end] = [Number(before.get(field) ?? Number.NaN), Number(after.get(field) ?? Number.NaN)];
  const difference = end - start;
  return Number.isFinite(difference) && difference >= 0 ? difference : undefined;
}
