/**
 * The requests of a run, encoded before it and replayed in a circle: nothing is drawn, formatted or allocated while the
 * clock runs.
 *
 *   bytes   | r0 | r1 | r2 | ... | r(n-1) | r0 | r1 | ... r(overlap-1) |
 *   offsets   0    ^    ^                   ^ a batch that starts before n and runs over it is still one slice
 *
 * Why a ring: at 2.5 million requests a second there are 400 ns for each, two system calls' share included. Drawing a zipf
 * key costs 60 ns and formatting it 30. The price is that the sequence repeats after `length` requests (a million by
 * default); a run shorter than the ring never repeats.
 *
 * Invariant: request i (0 <= i < length + overlap) is bytes[offsets[i], offsets[i + 1]), of command commands[i].
 */
import { RequestEncoder } from './requestEncoder.ts';
import type { Workload } from './workload.ts';

/** Encoded bytes a ring may hold. Large values make the ring shorter, not the generator larger. */
const ringBytesMax = 256 * 1024 * 1024;
/** Requests encoded on trial to learn their mean length. */
const trialRequests = 2048;

export interface RequestRing {
  readonly bytes: Buffer;
  /** Byte offset of each request, one more than there are. */
  readonly offsets: Uint32Array;
  /** Index into the workload's commands. */
  readonly commands: Uint8Array;
  /** Requests before the sequence repeats. */
  readonly length: number;
}

/**
 * @param length requests wanted, >= 1; fewer if they would pass 256 MiB.
 * @param overlap longest batch that will be cut from it, >= 0.
 */
export function buildRequestRing(
  workload: Workload,
  seed: number,
  length: number,
  overlap: number,
): RequestRing {
  const encoder = new RequestEncoder(workload, seed);
  const budgetBytes = ringBudgetBytes(workload, seed, length);
  let bytes = Buffer.allocUnsafeSlow(budgetBytes);
  const offsets = new Uint32Array(length + overlap + 1);
  const commands = new Uint8Array(length + overlap);
  let at = 0;
  let encoded = 0;
  while (encoded < length) {
    const end = encoder.encodeNext(bytes, at);
    if (end < 0) break;
    commands[encoded] = encoder.lastCommand;
    offsets[encoded] = at;
    at = end;
    encoded += 1;
  }
  const ringEnd = at;
  // The overlap repeats the ring from its start, around more than once if the ring is the shorter one.
  let overlapBytes = 0;
  for (let i = 0; i < overlap; i++) {
    const source = i % encoded;
    const end = source + 1 === encoded ? ringEnd : offsets[source + 1]!;
    commands[encoded + i] = commands[source]!;
    offsets[encoded + i] = ringEnd + overlapBytes;
    overlapBytes += end - offsets[source]!;
  }
  offsets[encoded + overlap] = ringEnd + overlapBytes;
  if (ringEnd + overlapBytes > bytes.length) {
    bytes = Buffer.concat([bytes.subarray(0, ringEnd), Buffer.allocUnsafeSlow(overlapBytes)]);
  }
  for (let copied = 0; copied < overlapBytes; ) {
    copied += bytes.copy(bytes, ringEnd + copied, 0, Math.min(ringEnd, overlapBytes - copied));
  }
  return {
    bytes: bytes.subarray(0, ringEnd + overlapBytes),
    offsets: offsets.subarray(0, encoded + overlap + 1),
    commands: commands.subarray(0, encoded + overlap),
    length: encoded,
  };
}

/** Bytes to set aside: the mean of a trial with 10 % to spare and room for the longest, within the cap. */
function ringBudgetBytes(workload: Workload, seed: number, length: number): number {
  const encoder = new RequestEncoder(workload, seed);
  const longest = encoder.requestBytesMax;
  const scratch = Buffer.allocUnsafeSlow(longest);
  const trials = Math.min(trialRequests, length);
  let sum = 0;
  for (let i = 0; i < trials; i++) sum += encoder.encodeNext(scratch, 0);
  const wanted = Math.ceil((sum / trials) * length * 1.1) + 2 * longest;
  return Math.max(longest, Math.min(wanted, Math.max(ringBytesMax, longest)));
}
