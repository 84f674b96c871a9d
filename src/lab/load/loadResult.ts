/** Sums up a run: from tables and counters to the result that crosses the process border. Writes the interval log. */
import { writeFileSync } from 'node:fs';
import { formatHlog, type HlogInterval, prepareHistograms } from '../measurement/hlog.ts';
import type { LatencyTable } from '../measurement/latencyTable.ts';
import type { RequestRing } from '../workloads/requestRing.ts';
import { type CommandTemplate, declaredShares, nameOf } from '../workloads/workload.ts';
import type { LoadConnection } from './connection.ts';
import { type IntervalRecorder, intervalStats, latencyInterval, summarize } from './intervalRecorder.ts';
import type { CommandCounts, LoadCounters, LoadJob, LoadResult, ReplyCounts } from './protocol.ts';
import { type ReplyTally, replyKinds } from './replyScanner.ts';
import { decodeSample } from './sentSample.ts';
import type { WarmUpVerdict } from './warmUp.ts';

export interface MeasuredPart {
  startedAtUnixMs: number;
  wallNs: number;
  cpuUserUs: number;
  cpuSystemUs: number;
  busyNs: number;
  recorder: IntervalRecorder;
  sent: number;
  /** Answers to requests of the measured part, those of the drain too (open loop). */
  answered: number;
  /** Of these, before its end: what the throughput is made of. */
  answeredInTime: number;
  unanswered: number;
  lateness: LatencyTable;
  endedBy: LoadResult['endedBy'];
  warmup: WarmUpVerdict & { sec: number; requests: number };
}

export interface RunParts {
  job: LoadJob;
  ring: RequestRing;
  tally: ReplyTally;
  positions: Uint32Array;
  connections: readonly LoadConnection[];
  measured: MeasuredPart;
  preload?: { keys: number; sec: number };
  cpusAllowed: string;
}

export async function assembleResult(parts: RunParts): Promise<LoadResult> {
  const { job, measured } = parts;
  const { recorder } = measured;
  const wallSec = measured.wallNs / 1e9;
  const used = recorder.intervals.slice(0, Math.max(1, Math.ceil(measured.wallNs / recorder.intervalNs)));
  const service = summarize(recorder.merged('service'));
  const closed = job.loop.kind === 'closed';
  if (job.hlogPath !== undefined) await writeHlog(job.hlogPath, parts, used, closed);
  const cpuUs = measured.cpuUserUs + measured.cpuSystemUs;
  return {
    jobId: job.id,
    startedAtIso: new Date(measured.startedAtUnixMs).toISOString(),
    measuredSec: wallSec,
    endedBy: measured.endedBy,
    warmup: {
      sec: measured.warmup.sec,
      requests: measured.warmup.requests,
      steady: measured.warmup.steady,
      reason: measured.warmup.reason,
    },
    throughputOpsPerSec: wallSec > 0 ? measured.answeredInTime / wallSec : 0,
    ...(job.loop.kind === 'open' ? { offeredOpsPerSec: job.loop.rateOpsPerSec } : {}),
    sentOpsPerSec: wallSec > 0 ? measured.sent / wallSec : 0,
    intended: closed ? service : summarize(recorder.merged('intended')),
    service,
    intervals: used.map((interval, i) => latencyInterval(i, recorder.intervalNs, interval.intended)),
    intervalStats: used.map((interval, i) => intervalStats('measure', i, recorder.intervalNs, interval)),
    counters: counters(parts),
    generator: {
      cpuUserUs: measured.cpuUserUs,
      cpuSystemUs: measured.cpuSystemUs,
      wallUs: measured.wallNs / 1000,
      cpuShare: measured.wallNs > 0 ? (cpuUs * 1000) / measured.wallNs : 0,
      busyShare: measured.wallNs > 0 ? measured.busyNs / measured.wallNs : 0,
      lateness: summarize(measured.lateness),
      cpusAllowed: parts.cpusAllowed,
    },
    ...(parts.preload ? { preload: parts.preload } : {}),
    ...(job.hlogPath === undefined ? {} : { hlogPath: job.hlogPath }),
  };
}

async function writeHlog(
  path: string,
  parts: RunParts,
  used: IntervalRecorder['intervals'],
  closed: boolean,
): Promise<void> {
  await prepareHistograms();
  const { recorder, startedAtUnixMs } = parts.measured;
  const durationMs = recorder.intervalNs / 1e6;
  const lines: HlogInterval[] = [];
  for (const [i, interval] of used.entries()) {
    const startMs = i * durationMs;
    if (!closed) lines.push({ tag: 'intended', startMs, durationMs, table: interval.intended });
    lines.push({ tag: 'service', startMs, durationMs, table: interval.service });
  }
  const { id, workload, seed } = parts.job;
  const comments = [`job ${id}, workload ${workload.name}, seed ${seed}, nanoseconds`];
  writeFileSync(path, formatHlog({ startedAtUnixMs, comments }, lines));
}

function counters(parts: RunParts): LoadCounters {
  const { job, tally, connections, measured } = parts;
  const shares = declaredShares(job.workload);
  const commands = job.workload.commands.map((command, index): CommandCounts => {
    const replies = tally.row(index);
    return {
      name: nameOf(command),
      declaredShare: shares[index]!,
      answered: topLevelReplies(replies),
      replies,
      ...hitsOf(command, replies),
    };
  });
  const replies = Object.fromEntries(
    replyKinds.map((kind) => [kind, commands.reduce((sum, command) => sum + command.replies[kind], 0)]),
  ) as unknown as ReplyCounts;
  const hits = commands.reduce((sum, command) => sum + command.hits, 0);
  const misses = commands.reduce((sum, command) => sum + command.misses, 0);
  return {
    sent: measured.sent,
    answered: measured.answered,
    unanswered: measured.unanswered,
    bytesSent: connections.reduce((sum, connection) => sum + connection.bytesSent, 0),
    bytesReceived: connections.reduce((sum, connection) => sum + connection.bytesReceived, 0),
    replies,
    commands,
    hits,
    misses,
    ...(hits + misses > 0 ? { hitRate: hits / (hits + misses) } : {}),
    errors: replies.error,
    firstErrors: tally.errors,
    requestsEncoded: parts.ring.length,
    sample: decodeSample(job.workload, job.seed, parts.ring, parts.positions),
  };
}

function topLevelReplies(replies: ReplyCounts): number {
  return (
    replies.simple +
    replies.error +
    replies.integer +
    replies.bulk +
    replies.nil +
    replies.array +
    replies.emptyArray +
    replies.other
  );
}

/** Commands whose nil or empty reply is a miss. */
const readsOneKey = new Set(
  'GET GETEX GETDEL GETRANGE HGET HGETALL HVALS HKEYS LRANGE LINDEX SMEMBERS ZRANGE ZSCORE'.split(' '),
);
const readsPerElement = new Set(['MGET', 'HMGET']);

function hitsOf(command: CommandTemplate, replies: ReplyCounts): { hits: number; misses: number } {
  const word = command.template[0]!.toUpperCase();
  const rule =
    command.hits ?? (readsOneKey.has(word) ? 'reply' : readsPerElement.has(word) ? 'elements' : 'none');
  if (rule === 'none') return { hits: 0, misses: 0 };
  if (rule === 'elements') return { hits: replies.nestedBulk, misses: replies.nestedNil };
  return { hits: replies.bulk + replies.array, misses: replies.nil + replies.emptyArray };
}
