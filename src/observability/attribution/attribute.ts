/**
 * Why a batch took as long as it did: every microsecond between its estimated arrival and its replies is charged to exactly one cause.
 *
 *   arrived          turn starts       batch starts                       replies written
 *   |--- waiting for the poll ---|--- other batches ---|--- this batch -----------|
 *            ahead                       ahead            a share each: execution,
 *                                                         the rest of the batch: ahead
 *
 * Over this ground go work beside requests, and long executions (of this batch: of one request its own, for the others ahead; of another
 * batch: ahead). A share of the batch that is far longer than its command usually takes is unexplained beyond the usual: nobody saw what
 * happened there. Last comes time without a core. Where in its stretch it lay is not known, so it takes the place of what is least
 * certain: first the unexplained, then mere waiting, then work that was seen, which it must have interrupted. Only a collection is left
 * whole, since its own helper threads compete with the shard for the core.
 */
import type { RequestRecord, WaitRecord, WorkRecord } from '../recording/shardRecording.ts';
import { type Cause, INTERFERENCE_PRIORITY } from './causes.ts';
import type { Stretches } from './stretches.ts';

export interface Surroundings {
  readonly work: Stretches<WorkRecord>;
  readonly waits: Stretches<WaitRecord>;
  /** What one execution of the command rarely exceeds, microseconds. */
  readonly usualExecutionUs: (command: number) => number;
}

export interface Attribution {
  readonly durationUs: number;
  /** Requests that took so long: the batch's. */
  readonly requests: number;
  /** Microseconds of one request, averaged over the batch; they add up to the duration. */
  readonly chargesUs: Readonly<Record<Cause, number>>;
  /** Numbers of the commands of other batches that were in the way, with the microseconds of each. */
  readonly aheadOf: ReadonlyMap<number, number>;
}

type Charges = Record<Cause, number>;

/** Spelt out: some hundreds are made a second. */
const noCharges = (): Charges => ({
  'run-queue': 0,
  gc: 0,
  fsync: 0,
  snapshot: 0,
  growth: 0,
  eviction: 0,
  expiry: 0,
  release: 0,
  tick: 0,
  execution: 0,
  ahead: 0,
  unexplained: 0,
});

export function attribute(record: RequestRecord, surroundings: Surroundings): Attribution {
  const { arrivedUs, batchStartUs, endUs, requests } = record;
  const charges = noCharges();
  const aheadOf = new Map<number, number>();
  let untimedUs = 0;
  const work = surroundings.work.overlapping(arrivedUs, endUs);
  const ended = lastBeforeTurn(work, record);
  for (const [fromUs, toUs] of segments(record, work)) {
    const lengthUs = toUs - fromUs;
    const covers = ({ startUs, endUs: until }: WorkRecord): boolean => startUs <= fromUs && until >= toUs;
    const present = work.filter(covers);
    if (present.length === 0 && ended !== undefined && fromUs >= ended.endUs && toUs <= record.turnStartUs)
      present.push(ended);
    const interference = INTERFERENCE_PRIORITY.find((kind) => present.some((piece) => piece.kind === kind));
    const command = present.find(({ kind }) => kind === 'command');
    const isOwn = fromUs >= batchStartUs;
    if (interference !== undefined) {
      charges[interference] += lengthUs;
    } else if (command !== undefined) {
      const own = isOwn ? lengthUs / requests : 0;
      charges.execution += own;
      charges.ahead += lengthUs - own;
      aheadOf.set(command.amount, (aheadOf.get(command.amount) ?? 0) + lengthUs - own);
    } else if (isOwn) untimedUs += lengthUs;
    else charges.ahead += lengthUs;
  }
  chargeUntimed(charges, record, untimedUs, surroundings.usualExecutionUs);
  chargeWithoutCore(charges, aheadOf, record, surroundings.waits);
  return { durationUs: endUs - arrivedUs, requests, chargesUs: charges, aheadOf };
}

/** From the end of work until the next poll has returned. */
const POLL_US_MAX = 50;

/** Work beside requests that the poll followed at once: without it the request had been taken in when it came, so the poll is its too. */
function lastBeforeTurn(work: readonly WorkRecord[], { turnStartUs }: RequestRecord): WorkRecord | undefined {
  const last = work.findLast(({ kind, endUs }) => kind !== 'command' && endUs <= turnStartUs);
  return last !== undefined && turnStartUs - last.endUs <= POLL_US_MAX ? last : undefined;
}

/** Pieces of the request's time within which nothing begins or ends. */
function segments(
  { arrivedUs, turnStartUs, batchStartUs, endUs }: RequestRecord,
  overlapping: readonly WorkRecord[],
): [number, number][] {
  const edges = new Set([
    arrivedUs,
    Math.max(arrivedUs, turnStartUs),
    Math.max(arrivedUs, batchStartUs),
    endUs,
  ]);
  for (const { startUs, endUs: until } of overlapping) {
    if (startUs > arrivedUs) edges.add(startUs);
    if (until < endUs) edges.add(until);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(1).map((to, index) => [sorted[index]!, to]);
}

/** What of the batch was not timed: equal shares, up to what its command usually takes. */
function chargeUntimed(
  charges: Charges,
  { requests, lastCommand, command }: RequestRecord,
  untimedUs: number,
  usualExecutionUs: (command: number) => number,
): void {
  const shareUs = untimedUs / requests;
  const usualUs = usualExecutionUs(lastCommand >= 0 ? lastCommand : command);
  const explainedUs = Math.min(shareUs, usualUs);
  charges.execution += explainedUs;
  charges.ahead += explainedUs * (requests - 1);
  charges.unexplained += (shareUs - explainedUs) * requests;
}

/** Work that time without a core can have interrupted, the likeliest first. */
const INTERRUPTED: readonly Cause[] = [
  'execution',
  ...INTERFERENCE_PRIORITY.filter((kind) => kind !== 'gc').reverse(),
];

function chargeWithoutCore(
  charges: Charges,
  aheadOf: Map<number, number>,
  { arrivedUs, endUs }: RequestRecord,
  waits: Stretches<WaitRecord>,
): void {
  let leftUs = 0;
  for (const wait of waits.overlapping(arrivedUs, endUs)) {
    const overlapUs = Math.min(endUs, wait.endUs) - Math.max(arrivedUs, wait.startUs);
    leftUs += Math.min(overlapUs, wait.waitedUs);
  }
  if (leftUs === 0) return;
  const take = (cause: Cause, mostUs: number): number => {
    // Sums of fractions may be off by a rounding.
    const us = Math.max(0, Math.min(leftUs, mostUs, charges[cause]));
    charges[cause] -= us;
    charges['run-queue'] += us;
    leftUs -= us;
    return us;
  };
  take('unexplained', charges.unexplained);
  let commandsAheadUs = 0;
  for (const us of aheadOf.values()) commandsAheadUs += us;
  take('ahead', charges.ahead - commandsAheadUs);
  const taken = take('ahead', commandsAheadUs);
  if (taken > 0)
    for (const [command, us] of aheadOf) aheadOf.set(command, us * (1 - taken / commandsAheadUs));
  for (const cause of INTERRUPTED) take(cause, charges[cause]);
}
