/**
 * Why a batch took as long as it did: every microsecond between its estimated arrival and its replies is charged to exactly one cause.
 *
 *   arrived          turn starts       batch starts                       replies written
 *   |--- waiting for the poll ---|--- other batches ---|--- this batch -----------|
 *            ahead                       ahead            a share each: execution,
 *                                                         the rest of the batch: ahead
 *
 * Over this ground go, in this order: time without a core (measured per window, so it is placed where it explains most), work beside
 * requests, and long executions (of this batch: of one request its own, for the others ahead; of another batch: ahead). A share of the batch
 * that is far longer than its command usually takes is unexplained beyond the usual: nobody saw what happened there.
 */
import type { RequestRecord, WorkRecord } from '../recording/shardRecording.ts';
import { CAUSES, type Cause, INTERFERENCE_PRIORITY } from './causes.ts';

/** Within this window the thread ran for so long, and was ready to run and had no core for so long; else it slept. */
export interface RunQueueWindow {
  readonly startUs: number;
  readonly endUs: number;
  readonly ranUs: number;
  readonly waitedUs: number;
}

export interface Surroundings {
  readonly work: readonly WorkRecord[];
  readonly runQueue: readonly RunQueueWindow[];
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

const noCharges = (): Charges => Object.fromEntries(CAUSES.map((cause) => [cause, 0])) as Charges;

export function attribute(record: RequestRecord, surroundings: Surroundings): Attribution {
  const { arrivedUs, batchStartUs, endUs, requests } = record;
  const charges = noCharges();
  const aheadOf = new Map<number, number>();
  const overlapping = surroundings.work.filter(
    (work) => work.endUs > arrivedUs && work.startUs < endUs && work.endUs > work.startUs,
  );
  let untimedUs = 0;
  for (const [fromUs, toUs] of segments(record, overlapping)) {
    const lengthUs = toUs - fromUs;
    const present = overlapping.filter(({ startUs, endUs: until }) => startUs <= fromUs && until >= toUs);
    const interference = INTERFERENCE_PRIORITY.find((kind) => present.some((work) => work.kind === kind));
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
  chargeRunQueue(charges, aheadOf, record, surroundings.runQueue);
  return { durationUs: endUs - arrivedUs, requests, chargesUs: charges, aheadOf };
}

/** Pieces of the request's time within which nothing begins or ends. */
function segments(
  { arrivedUs, batchStartUs, endUs }: RequestRecord,
  overlapping: readonly WorkRecord[],
): [number, number][] {
  const edges = new Set([arrivedUs, Math.max(arrivedUs, batchStartUs), endUs]);
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

/** What time without a core has stretched. */
const STRETCHED: readonly Cause[] = ['ahead', 'execution', ...INTERFERENCE_PRIORITY];

/**
 * Time without a core stretches whatever runs, and where in its window it lay is not known. So it first explains what nobody saw; of
 * everything else it is the share that the thread was held up for while it had something to do. Never more than the request's overlap
 * with the window.
 */
function chargeRunQueue(
  charges: Charges,
  aheadOf: Map<number, number>,
  { arrivedUs, endUs }: RequestRecord,
  runQueue: readonly RunQueueWindow[],
): void {
  let waitedUs = 0;
  let heldUpUs = 0;
  for (const window of runQueue) {
    const overlapUs = Math.min(endUs, window.endUs) - Math.max(arrivedUs, window.startUs);
    if (overlapUs <= 0) continue;
    waitedUs += Math.min(overlapUs, window.waitedUs);
    heldUpUs += (overlapUs * window.waitedUs) / (window.waitedUs + window.ranUs);
  }
  if (waitedUs === 0) return;
  const take = (cause: Cause, us: number): void => {
    charges[cause] -= us;
    charges['run-queue'] += us;
    waitedUs -= us;
  };
  const aheadUs = charges.ahead;
  take('unexplained', Math.min(waitedUs, charges.unexplained));
  const heldUpShare = heldUpUs / (endUs - arrivedUs);
  for (const cause of STRETCHED) take(cause, Math.min(waitedUs, charges[cause] * heldUpShare));
  if (charges.ahead < aheadUs)
    for (const [command, us] of aheadOf) aheadOf.set(command, us * (charges.ahead / aheadUs));
}
