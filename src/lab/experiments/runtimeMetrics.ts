/**
 * What a server tells of its own runtime, as differences of INFO fields over warm-up and measurement: garbage collection pauses and
 * allocated bytes. Redis has neither; a field that is missing or runs backwards gives no metric rather than a wrong one.
 *
 *   evenkeel_gc_pause_us       microseconds spent in collections since start
 *   evenkeel_allocated_bytes   bytes allocated on the runtime's heap since start
 *   peerN:...,bytes_sent=...   bytes told to each peer, for a node that has any
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
  const gossipBytes = toldBytes(after) - toldBytes(before);
  if (gossipBytes >= 0 && commands !== undefined && commands > 0) {
    metrics['gossip-bytes-per-request'] = gossipBytes / commands;
  }
  const pauseUs = growth(before, after, 'evenkeel_gc_pause_us');
  const timeUs = growth(before, after, 'server_time_usec');
  if (pauseUs !== undefined && timeUs !== undefined && timeUs > 0) {
    metrics['gc-pause-us-per-sec'] = pauseUs / (timeUs / 1e6);
  }
  return metrics;
}

/** NaN for a server without peers. */
function toldBytes(info: Info): number {
  let sum = Number.NaN;
  for (const [field, text] of info) {
    const sent = /^peer\d+$/.test(field) ? /(?:^|,)bytes_sent=(\d+)/.exec(text)?.[1] : undefined;
    if (sent !== undefined) sum = (Number.isNaN(sum) ? 0 : sum) + Number(sent);
  }
  return sum;
}

function growth(before: Info, after: Info, field: string): number | undefined {
  const [start, end] = [Number(before.get(field) ?? Number.NaN), Number(after.get(field) ?? Number.NaN)];
  const difference = end - start;
  return Number.isFinite(difference) && difference >= 0 ? difference : undefined;
}
