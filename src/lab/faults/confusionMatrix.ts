/** Injected faults against the causes that the tail's time was charged to. */
import { type ChargedCause, CULPRIT, type Fault } from './faults.ts';

/** A slow request as the control plane tells of it (`/api/slow`): times in ms since the epoch, durations in microseconds. */
export interface SlowRequest {
  readonly atMs: number;
  readonly durationUs: number;
  readonly command: string;
  /** Requests in its batch: all took as long. */
  readonly requests: number;
  readonly chargesUs: Readonly<Record<string, number>>;
  /** Part of the charge `ahead`, by command. */
  readonly aheadOfUs: Readonly<Record<string, number>>;
}

/** When a fault was there, ms since the epoch. */
export interface Injection {
  /** From here until the fault there was nothing but the load. */
  readonly quietFromMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ConfusionRow {
  readonly fault: string;
  readonly injections: number;
  /** Requests of the tail that met the fault. */
  readonly requests: number;
  /** Their time altogether, without what a quiet time as long would have had by cause. */
  readonly tailUs: number;
  /** Of `tailUs`; they add up to 1. */
  readonly shares: Readonly<Record<ChargedCause, number>>;
  /** Of `tailUs`, what went to the fault's own causes. */
  readonly trueShare: number;
}

/** What of the tail's time has to go to its true cause. */
export const TRUE_SHARE_MIN = 0.9;

type Charged = Map<ChargedCause, number>;

export function confusionRow(
  fault: Pick<Fault, 'id' | 'causes' | 'culprit'>,
  injections: readonly Injection[],
  slow: readonly SlowRequest[],
): ConfusionRow {
  const excess: Charged = new Map();
  let requests = 0;
  for (const { quietFromMs, startMs, endMs } of injections) {
    const met = slow.filter((request) => request.atMs < endMs && endOf(request) > startMs);
    const quiet = slow.filter((request) => request.atMs >= quietFromMs && endOf(request) <= startMs);
    for (const request of met) requests += request.requests;
    charge(excess, met, fault.culprit, 1);
    charge(excess, quiet, fault.culprit, -(endMs - startMs) / (startMs - quietFromMs));
  }
  let tailUs = 0;
  for (const us of excess.values()) tailUs += Math.max(0, us);
  const shares = Object.fromEntries(
    [...excess].filter(([, us]) => us > 0).map(([cause, us]) => [cause, us / tailUs]),
  );
  const trueShare = fault.causes.reduce((sum, cause) => sum + (shares[cause] ?? 0), 0);
  return { fault: fault.id, injections: injections.length, requests, tailUs, shares, trueShare };
}

const endOf = ({ atMs, durationUs }: SlowRequest): number => atMs + durationUs / 1000;

function charge(
  charged: Charged,
  slow: readonly SlowRequest[],
  culprit: string | undefined,
  factor: number,
): void {
  for (const request of slow)
    for (const [cause, us] of Object.entries(chargesOf(request, culprit)))
      charged.set(cause, (charged.get(cause) ?? 0) + us * request.requests * factor);
}

/** The charges with the culprit's own apart: of its own request its execution, of others what they waited for it. */
function chargesOf(
  { chargesUs, aheadOfUs, command }: SlowRequest,
  culprit: string | undefined,
): Record<ChargedCause, number> {
  if (culprit === undefined) return { ...chargesUs };
  const own = command === culprit ? (chargesUs['execution'] ?? 0) : 0;
  const waited = aheadOfUs[culprit] ?? 0;
  return {
    ...chargesUs,
    execution: (chargesUs['execution'] ?? 0) - own,
    ahead: (chargesUs['ahead'] ?? 0) - waited,
    [CULPRIT]: own + waited,
  };
}
