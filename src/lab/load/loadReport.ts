/** A run as text for a terminal. Pure: draws what stands in the result. */
import type { TargetDescription } from '../experiments/result.ts';
import type { LatencySummary, LoadJob, LoadResult } from './protocol.ts';

/** Above this share of its core the generator may be what is measured. */
const generatorShareMax = 0.7;
/** Lateness above this part of the measured tail is part of the answer. */
const latenessShareMax = 0.1;
/** Sent against offered rate: an open loop that falls behind by more has not offered what it declares. */
const rateShortfallMax = 0.01;

/** Reasons to doubt the run, each a sentence; empty if there are none. */
export function warningsOf(job: LoadJob, result: LoadResult): string[] {
  const { generator, counters } = result;
  const warnings: string[] = [];
  const core = `${percent(generator.busyShare)} of its core`;
  if (generator.busyShare > generatorShareMax) {
    warnings.push(
      `generator-bound: it needed ${core} (limit ${percent(generatorShareMax)}), so this is its speed as much as the server's`,
    );
  }
  if (job.loop.kind === 'open') {
    if (
      result.sentOpsPerSec < job.loop.rateOpsPerSec * (1 - rateShortfallMax) &&
      result.endedBy === 'duration'
    ) {
      warnings.push(
        `only ${count(result.sentOpsPerSec)} of ${count(job.loop.rateOpsPerSec)} requests a second were sent`,
      );
    }
    if (generator.lateness.p99Us > latenessShareMax * result.intended.p99Us) {
      warnings.push(
        `the generator itself was late by ${latency(generator.lateness.p99Us)} at p99: part of the tail is its own`,
      );
    }
  }
  if (counters.unanswered > 0) warnings.push(`${count(counters.unanswered)} requests were never answered`);
  if (counters.errors > 0) warnings.push(`${count(counters.errors)} replies were errors`);
  if (result.endedBy === 'stopped') warnings.push('stopped early: these are the figures up to then');
  if (result.endedBy === 'overload') {
    warnings.push(
      'ended early: over a million requests were waiting, the offered rate is beyond this server',
    );
  }
  const expected = job.workload.expectedHitRate;
  if (
    expected &&
    counters.hitRate !== undefined &&
    Math.abs(counters.hitRate - expected.share) > expected.tolerance
  ) {
    warnings.push(`hit rate ${percent(counters.hitRate)}, declared ${percent(expected.share)}`);
  }
  return warnings;
}

export function formatLoadReport(target: TargetDescription, job: LoadJob, result: LoadResult): string {
  const { counters, generator } = result;
  const loop =
    job.loop.kind === 'closed'
      ? `closed loop, pipeline ${job.loop.pipeline}`
      : `open loop, ${count(job.loop.rateOpsPerSec)} ops/s, ${job.loop.arrivals} arrivals`;
  const lines = [
    target.label,
    `  ${job.workload.name}: ${loop}, ${job.connections} connections, ${result.measuredSec.toFixed(1)} s measured` +
      ` after ${result.warmup.sec.toFixed(1)} s warm-up (${result.warmup.steady ? 'steady' : result.warmup.reason})`,
    '',
    `  throughput   ${count(result.throughputOpsPerSec)} ops/s   (${count(counters.answered)} answered)`,
  ];
  if (counters.hitRate !== undefined) {
    lines.push(`  hit rate     ${percent(counters.hitRate)}   (${count(counters.misses)} misses)`);
  }
  lines.push(`  errors       ${count(counters.errors)}`);
  for (const error of counters.firstErrors)
    lines.push(`               ${count(error.count)} x ${error.text}`);
  lines.push(
    `  sent         ${bytes(counters.bytesSent)}, received ${bytes(counters.bytesReceived)}`,
    '',
    ...latencyTable(job, result),
    '',
    `  generator    ${percent(generator.busyShare)} of its core busy, CPUs ${generator.cpusAllowed}`,
  );
  if (job.loop.kind === 'open') {
    const { lateness } = generator;
    lines.push(
      `  lateness     p50 ${latency(lateness.p50Us)}, p99 ${latency(lateness.p99Us)}, max ${latency(lateness.maxUs)}`,
    );
  }
  const warnings = warningsOf(job, result);
  if (warnings.length > 0) lines.push('', ...warnings.map((warning) => `  WARNING: ${warning}`));
  return `${lines.join('\n')}\n`;
}

function latencyTable(job: LoadJob, result: LoadResult): string[] {
  const open = job.loop.kind === 'open';
  const rows: [string, (summary: LatencySummary) => number][] = [
    ['p50', (summary) => summary.p50Us],
    ['p90', (summary) => summary.p90Us],
    ['p95', (summary) => summary.p95Us],
    ['p99', (summary) => summary.p99Us],
    ['p99.9', (summary) => summary.p999Us],
    ['p99.99', (summary) => summary.p9999Us],
    ['max', (summary) => summary.maxUs],
    ['mean', (summary) => summary.meanUs],
  ];
  const head = open
    ? `  latency      ${'from due time'.padStart(14)}${'from send'.padStart(14)}`
    : `  latency      ${'of a batch, from send'.padStart(14)}`;
  const body = rows.map(([name, figure]) => {
    const service = latency(figure(result.service)).padStart(14);
    return `  ${name.padEnd(11)}  ${open ? latency(figure(result.intended)).padStart(14) : ''}${service}`;
  });
  return [head, ...body];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0.999 && share < 1 ? 3 : 1)} %`;
}

function latency(us: number): string {
  if (us >= 1e6) return `${(us / 1e6).toFixed(2)} s`;
  if (us >= 1e4) return `${(us / 1000).toFixed(1)} ms`;
  if (us >= 1000) return `${(us / 1000).toFixed(2)} ms`;
  return `${us.toFixed(us < 10 ? 1 : 0)} us`;
}

function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
  return `${(value / 1e3).toFixed(1)} kB`;
}
