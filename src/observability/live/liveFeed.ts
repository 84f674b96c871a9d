/**
 * Once a second: what the shards recorded since the last time, joined into one frame. Runs on the control plane's thread; joins requests
 * with what was in their way a second late, because garbage collections are told of late.
 */

import { BUCKET_COUNT, bucketOf, bucketStartUs, quantileUs } from '../../base/latencyBuckets.ts';
import { type Attribution, attribute } from '../attribution/attribute.ts';
import { CAUSE_WORDS, CAUSES, type Cause } from '../attribution/causes.ts';
import { Stretches } from '../attribution/stretches.ts';
import { tailCauses } from '../attribution/tailCauses.ts';
import { figureOf, MEMORY_CAUSES } from '../metrics/serverMetrics.ts';
import type { ObservedServer } from '../observedServer.ts';
import { totalAt } from '../recording/recordingLayout.ts';
import type { RequestRecord, ShardRecording, WaitRecord, WorkRecord } from '../recording/shardRecording.ts';
import type { CommandFrame, Frame, LaneFrame, Percentiles, SlowFrame } from './frame.ts';

/** Frames that a page gets when it opens: ten minutes. */
const HISTORY_FRAMES = 600;
const SLOW_PER_FRAME = 20;
/** Slow requests of a shard that are joined in a frame: of more, every so manieth, and the slowest. A busy shard has thousands. */
const JOINED_PER_FRAME = 500;
/** Slow requests that can be asked for afterwards: about a minute of a tail, a megabyte. */
const SLOW_KEPT = 5000;
const LANES_PER_FRAME = 150;
/** Work shorter than this is in nobody's way, and not drawn. */
const LANE_FROM_US = 50;
/** The tail begins at the p99 of the last so many seconds, and not below this. */
const TAIL_WINDOW_SEC = 10;
const TAIL_FROM_US_MIN = 100;
/** What one execution of a command does not usually exceed: a quantile of those that were timed, with room. */
const USUAL_QUANTILE = 0.99;
const USUAL_FACTOR = 4;
const USUAL_US_MIN = 20;

interface ShardState {
  readonly recording: ShardRecording;
  readonly service: Float64Array;
  readonly serviceByCommand: Float64Array;
  readonly calls: Float64Array;
  readonly failed: Float64Array;
  busyUs: number;
  /** Undefined where the system does not tell. */
  runQueueSec: number | undefined;
  requests: RequestRecord[];
  work: WorkRecord[];
  waits: WaitRecord[];
}

/** A slow request as it is kept: what is shown of it is made when somebody looks. */
interface KeptSlow {
  readonly recording: ShardRecording;
  readonly shard: number;
  readonly request: RequestRecord;
  readonly attribution: Attribution;
}

export class LiveFeed {
  readonly #server: ObservedServer;
  readonly #shards: ShardState[];
  /** As JSON: ten minutes of objects would keep the collector busy, and its threads are on somebody's core. */
  readonly #history: string[] = [];
  #slow: KeptSlow[] = [];
  readonly #listeners = new Set<(frameJson: string) => void>();
  readonly #tailCounts: Float64Array[] = [];
  #lastMs: number;

  constructor(server: ObservedServer) {
    this.#server = server;
    this.#lastMs = server.nowMs();
    this.#shards = server.recordings.map((recording, shard) => ({
      recording,
      service: recording.regions.service.slice(),
      serviceByCommand: recording.regions.serviceByCommand.slice(),
      calls: recording.regions.calls.slice(),
      failed: recording.regions.failed.slice(),
      busyUs: recording.regions.totals[totalAt('busyUs')]!,
      runQueueSec: server.meters.runQueueWaitSec(shard),
      requests: [],
      work: [],
      waits: [],
    }));
  }

  /** Frames as JSON, oldest first. */
  get history(): readonly string[] {
    return this.#history;
  }

  /** Slow requests, oldest first, as far back as they are kept. */
  slow(isWanted: (request: Pick<SlowFrame, 'atMs' | 'durationUs'>) => boolean): SlowFrame[] {
    return this.#slow
      .filter(({ recording, request, attribution }) =>
        isWanted({ atMs: atMs(recording, request), durationUs: attribution.durationUs }),
      )
      .map(slowFrame);
  }

  /** @returns what to call to hear no more. */
  listen(listener: (frameJson: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called once a second. */
  step(): Frame {
    const nowMs = this.#server.nowMs();
    const seconds = Math.max(1e-3, (nowMs - this.#lastMs) / 1000);
    this.#lastMs = nowMs;
    const counts = new Float64Array(BUCKET_COUNT);
    let busyUs = 0;
    for (const shard of this.#shards) {
      addDifference(counts, shard.recording.regions.service, shard.service);
      const shardBusyUs = shard.recording.regions.totals[totalAt('busyUs')]!;
      busyUs += shardBusyUs - shard.busyUs;
      shard.busyUs = shardBusyUs;
    }
    const frame: Frame = {
      atMs: nowMs,
      seconds,
      requestsPerSec: total(counts) / seconds,
      ...percentilesOf(counts),
      buckets: sparse(counts),
      busyShare: busyUs / (seconds * 1e6 * this.#shards.length),
      ...this.#sizes(),
      tailFromUs: this.#followTail(counts),
      ...this.#join(),
      runQueueShare: this.#runQueueShare(seconds),
      commands: this.#commands(seconds),
    };
    const json = JSON.stringify(frame);
    this.#history.push(json);
    if (this.#history.length > HISTORY_FRAMES) this.#history.shift();
    for (const listener of this.#listeners) listener(json);
    return frame;
  }

  #sizes() {
    const sum = (read: (recording: ShardRecording) => number): number =>
      this.#shards.reduce((value, { recording }) => value + read(recording), 0);
    const keys = sum(({ regions }) => total(regions.keys));
    const usedBytes = sum((recording) => figureOf(recording, 'usedMemoryBytes'));
    return {
      keys,
      bytesPerKey: keys === 0 ? 0 : usedBytes / keys,
      memoryBytes: Object.fromEntries(
        MEMORY_CAUSES.map(([cause, figure]) => [cause, sum((recording) => figureOf(recording, figure))]),
      ),
      residentBytes: this.#server.meters.residentBytes(),
      clients: sum((recording) => figureOf(recording, 'connectedClients')),
    };
  }

  #runQueueShare(seconds: number): number | null {
    let waitedSec: number | null = null;
    this.#shards.forEach((shard, index) => {
      const before = shard.runQueueSec;
      shard.runQueueSec = this.#server.meters.runQueueWaitSec(index);
      if (before !== undefined && shard.runQueueSec !== undefined)
        waitedSec = (waitedSec ?? 0) + shard.runQueueSec - before;
    });
    return waitedSec === null ? null : waitedSec / (seconds * this.#shards.length);
  }

  /** Moves the threshold of what is recorded one by one. */
  #followTail(counts: Float64Array): number {
    this.#tailCounts.push(counts);
    if (this.#tailCounts.length > TAIL_WINDOW_SEC) this.#tailCounts.shift();
    const recent = new Float64Array(BUCKET_COUNT);
    for (const each of this.#tailCounts) for (let i = 0; i < BUCKET_COUNT; i++) recent[i]! += each[i]!;
    const p99Us = quantileUs(recent, 0.99);
    const before = this.#shards[0]!.recording.tailFromUs;
    if (Number.isNaN(p99Us)) return before;
    // The whole of its bucket: where all of the tail took about as long, nothing is beyond.
    const tailFromUs = Math.max(TAIL_FROM_US_MIN, bucketStartUs(bucketOf(p99Us)));
    for (const { recording } of this.#shards) recording.tailFromUs = tailFromUs;
    return tailFromUs;
  }

  /** Requests of the second before, with all that is known by now of what was in their way. */
  #join() {
    const tail: Attribution[] = [];
    const others: Attribution[] = [];
    const lanes: LaneFrame[] = [];
    const slow: KeptSlow[] = [];
    let lost = 0;
    this.#shards.forEach((state, shard) => {
      const { recording } = state;
      const work = recording.workSince();
      const fresh = recording.requestsSince();
      const waits = recording.waitsSince();
      lost += work.lost + fresh.lost;
      const surroundings = {
        work: new Stretches([...state.work, ...work.items]),
        waits: new Stretches([...state.waits, ...waits.items]),
        usualExecutionUs: usualExecution(recording),
      };
      const kept = (request: RequestRecord): KeptSlow => {
        const attribution = attribute(request, surroundings);
        return { recording, shard, request, attribution };
      };
      const { sampled, slowest } = chooseSlow(state.requests.filter(({ kind }) => kind === 0));
      for (const each of sampled.map(kept)) {
        tail.push(each.attribution);
        slow.push(each);
      }
      slow.push(...slowest.map(kept));
      for (const request of state.requests)
        if (request.kind === 1) others.push(attribute(request, surroundings));
      for (const piece of work.items)
        if (piece.endUs - piece.startUs >= LANE_FROM_US) lanes.push(laneFrame(recording, shard, piece));
      for (const wait of waits.items)
        if (wait.waitedUs >= LANE_FROM_US) lanes.push(waitFrame(recording, shard, wait));
      state.requests = fresh.items;
      state.work = work.items;
      state.waits = waits.items;
    });
    this.#slow = [...this.#slow, ...slow].slice(-SLOW_KEPT);
    return {
      causes: tailCauses(tail, others),
      lanes: lanes.sort((a, b) => b.durationUs - a.durationUs).slice(0, LANES_PER_FRAME),
      slow: slow
        .sort((a, b) => b.attribution.durationUs - a.attribution.durationUs)
        .slice(0, SLOW_PER_FRAME)
        .map(slowFrame),
      lost,
    };
  }

  /** Of the commands that were called meanwhile, the most frequent first. */
  #commands(seconds: number): CommandFrame[] {
    const frames: CommandFrame[] = [];
    const names = this.#shards[0]?.recording.commands ?? [];
    for (let command = 0; command < names.length; command++) {
      const called = this.#shards.filter(
        ({ recording, calls }) => recording.regions.calls[command] !== calls[command],
      );
      if (called.length > 0) frames.push(commandFrame(names[command]!, command, called, seconds));
    }
    return frames.sort((a, b) => b.perSec - a.perSec);
  }
}

/** What shards did of a command since the last time; brings their states up to date. */
function commandFrame(
  name: string,
  command: number,
  shards: readonly ShardState[],
  seconds: number,
): CommandFrame {
  const counts = new Float64Array(BUCKET_COUNT);
  const execution = new Float64Array(BUCKET_COUNT);
  let calls = 0;
  let failed = 0;
  for (const shard of shards) {
    const { recording } = shard;
    const { regions } = recording;
    const newCalls = regions.calls[command]! - shard.calls[command]!;
    // CONFIG RESETSTAT: from zero again.
    calls += newCalls < 0 ? regions.calls[command]! : newCalls;
    failed += Math.max(0, regions.failed[command]! - shard.failed[command]!);
    shard.calls[command] = regions.calls[command]!;
    shard.failed[command] = regions.failed[command]!;
    const at = command * BUCKET_COUNT;
    addDifference(
      counts,
      recording.serviceOf(command),
      shard.serviceByCommand.subarray(at, at + BUCKET_COUNT),
    );
    const timed = recording.executionOf(command);
    for (let i = 0; i < BUCKET_COUNT; i++) execution[i]! += timed[i]!;
  }
  return {
    name,
    perSec: calls / seconds,
    failedPerSec: failed / seconds,
    ...percentilesOf(counts),
    executionP50Us: orNull(quantileUs(execution, 0.5)),
    executionP99Us: orNull(quantileUs(execution, 0.99)),
  };
}

/** Those whose causes are known of: a fair sample, and the slowest that it has missed. */
function chooseSlow(requests: readonly RequestRecord[]): {
  sampled: readonly RequestRecord[];
  slowest: readonly RequestRecord[];
} {
  if (requests.length <= JOINED_PER_FRAME) return { sampled: requests, slowest: [] };
  const every = Math.ceil(requests.length / JOINED_PER_FRAME);
  const durationUs = ({ arrivedUs, endUs }: RequestRecord): number => endUs - arrivedUs;
  return {
    sampled: requests.filter((_, at) => at % every === 0),
    slowest: requests
      .filter((_, at) => at % every !== 0)
      .sort((a, b) => durationUs(b) - durationUs(a))
      .slice(0, SLOW_PER_FRAME),
  };
}

function usualExecution(recording: ShardRecording): (command: number) => number {
  const known = new Map<number, number>();
  return (command) => {
    if (command < 0) return USUAL_US_MIN;
    let usual = known.get(command);
    if (usual === undefined) {
      const quantile = quantileUs(recording.executionOf(command), USUAL_QUANTILE);
      usual = Math.max(USUAL_US_MIN, USUAL_FACTOR * (Number.isNaN(quantile) ? 0 : quantile));
      known.set(command, usual);
    }
    return usual;
  };
}

const commandName = (recording: ShardRecording, command: number): string =>
  recording.commands[command] ?? 'unknown';

function laneFrame(recording: ShardRecording, shard: number, work: WorkRecord): LaneFrame {
  const { kind, startUs, endUs, amount } = work;
  return {
    shard,
    kind,
    startMs: (startUs + recording.epochUs) / 1000,
    durationUs: endUs - startUs,
    detail: kind === 'command' ? commandName(recording, amount) : String(amount),
  };
}

/** Where in its stretch it lay is not known: most often something else had the core until the thread got it back. */
const waitFrame = (recording: ShardRecording, shard: number, { endUs, waitedUs }: WaitRecord): LaneFrame => ({
  shard,
  kind: 'run-queue',
  startMs: (endUs - waitedUs + recording.epochUs) / 1000,
  durationUs: waitedUs,
  detail: '',
});

const atMs = (recording: ShardRecording, { arrivedUs }: RequestRecord): number =>
  (arrivedUs + recording.epochUs) / 1000;

function slowFrame({ recording, shard, request, attribution }: KeptSlow): SlowFrame {
  const { chargesUs, durationUs, aheadOf } = attribution;
  const command = commandName(recording, request.command >= 0 ? request.command : request.lastCommand);
  return {
    shard,
    atMs: atMs(recording, request),
    durationUs,
    command,
    requests: request.requests,
    clientId: request.clientId,
    why: whyOf(recording, attribution),
    chargesUs: Object.fromEntries(
      CAUSES.filter((cause) => chargesUs[cause] > 0).map((cause) => [cause, chargesUs[cause]]),
    ),
    aheadOfUs: Object.fromEntries([...aheadOf].map(([ahead, us]) => [commandName(recording, ahead), us])),
  };
}

/** `garbage collection 3.1 ms of 3.4 ms, then requests ahead of it (keys)`. */
export function whyOf(
  recording: Pick<ShardRecording, 'commands'>,
  { chargesUs, durationUs, aheadOf }: Attribution,
): string {
  const [first, second] = CAUSES.filter((cause) => chargesUs[cause] > 0).sort(
    (a, b) => chargesUs[b] - chargesUs[a],
  );
  if (first === undefined) return CAUSE_WORDS.unexplained;
  const worst = [...aheadOf].sort(([, a], [, b]) => b - a)[0];
  const words = (cause: Cause): string =>
    cause === 'ahead' && worst !== undefined
      ? `${CAUSE_WORDS.ahead} (${recording.commands[worst[0]] ?? 'unknown'})`
      : CAUSE_WORDS[cause];
  const text = `${words(first)} ${milliseconds(chargesUs[first])} of ${milliseconds(durationUs)} ms`;
  return second !== undefined && chargesUs[second] >= durationUs * 0.1
    ? `${text}, then ${words(second)}`
    : text;
}

const milliseconds = (us: number): string => (us / 1000).toPrecision(3);

/** Adds what `now` has more than `before` had, and brings `before` up to date. */
function addDifference(target: Float64Array, now: Float64Array, before: Float64Array): void {
  for (let i = 0; i < BUCKET_COUNT; i++) {
    target[i]! += now[i]! - before[i]!;
    before[i] = now[i]!;
  }
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function percentilesOf(counts: Float64Array): Percentiles {
  let last = -1;
  for (let i = 0; i < BUCKET_COUNT; i++) if (counts[i]! > 0) last = i;
  return {
    p50Us: orNull(quantileUs(counts, 0.5)),
    p99Us: orNull(quantileUs(counts, 0.99)),
    p999Us: orNull(quantileUs(counts, 0.999)),
    maxUs: last < 0 ? null : bucketStartUs(last + 1),
  };
}

function sparse(counts: Float64Array): number[] {
  const pairs: number[] = [];
  for (let i = 0; i < BUCKET_COUNT; i++) if (counts[i]! > 0) pairs.push(i, counts[i]!);
  return pairs;
}
