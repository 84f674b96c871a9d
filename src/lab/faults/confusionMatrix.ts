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
  readonly startMs: number;
  readonly endMs: number;
}

export interface ConfusionRow {
  readonly fault: string;
  readonly injections: number;
  /** Requests of the tail that met the fault, and their time altogether. */
  readonly requests: number;
  readonly tailUs: number;
  /** Of `tailUs`; they add up to 1. */
  readonly shares: Readonly<Record<ChargedCause, number>>;
  /** Of `tailUs`, what went to the fault's own causes. */
  readonly trueShare: number;
}

/** What of the tail's time has to go to its true cause. */
export const TRUE_SHARE_MIN = 0.9;

export function confusionRow(
  fault: Pick<Fault, 'id' | 'causes' | 'culprit'>,
  injections: readonly Injection[],
  slow: readonly SlowRequest[],
): ConfusionRow {
  const met = slow.filter((request) => {
    const endMs = request.atMs + request.durationUs / 1000;
    return injections.some((injection) => request.atMs < injection.endMs && endMs > injection.startMs);
  });
  const charged = new Map<ChargedCause, number>();
  let tailUs = 0;
  let requests = 0;
  const charge = (cause: ChargedCause, us: number): void => {
    if (us > 0) charged.set(cause, (charged.get(cause) ?? 0) + us);
  };
  for (const request of met) {
    tailUs += request.durationUs * request.requests;
    requests += request.requests;
    for (const [cause, us] of Object.entries(chargesOf(request, fault.culprit)))
      charge(cause, us * request.requests);
  }
  const shares = Object.fromEntries([...charged].map(([cause, us]) => [cause, us / tailUs]));
  const trueShare = fault.causes.reduce((sum, cause) => sum + (shares[cause] ?? 0), 0);
  return { fault: fault.id, injections: injections.length, requests, tailUs, shares, trueShare };
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
