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
 * It is made of as many sections as there are connections; each connection starts at its own and walks on from there, so
 * the n-th request of a connection is decided by the seed alone, not by who was faster.
 *
 * Invariant: request i (0 <= i < length + overlap) is bytes[offsets[i], offsets[i + 1]), of command commands[i].
 */
import { RequestEncoder } from './requestEncoder.ts';
import type { Workload } from './workload.ts';

/** Encoded bytes a ring may hold. Large values make the ring shorter, not the generator larger. */
const ringBytesMax = 256 * 1024 * 1024;
/** Requests encoded on trial to learn their mean length. */
const trialRequests = 2048;
const trialBytesMax = 64 * 1024 * 1024;

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
 * @param wanted requests, >= 1; fewer if they would pass 256 MiB.
 * @param overlap longest batch that will be cut from it, >= 0.
 * @param sections equal parts, each of which a connection starts at: section i is
 *   [i * length / sections, (i + 1) * length / sections), whole numbers.
 */
export function buildRequestRing(
  workload: Workload,
  seed: number,
  wanted: number,
  overlap: number,
  sections = 1,
): RequestRing {
  // Sizes with a heavy tail can pass the mean of the trial: then plan with a larger one, until all fit.
  for (let meanBytes = trialMeanBytes(workload, seed); ; meanBytes *= 1.25) {
    const affordable = Math.min(wanted, Math.floor(ringBytesMax / meanBytes));
    const sectionLength = Math.max(1, Math.ceil(affordable / sections));
    const ring = encodeRing(workload, seed, { sections, sectionLength, overlap, meanBytes });
    if (ring) return ring;
  }
}

interface RingShape {
  sections: number;
  sectionLength: number;
  overlap: number;
  meanBytes: number;
}

/** @returns undefined if the requests do not fit into the bytes that their mean length promised. */
function encodeRing(workload: Workload, seed: number, shape: RingShape): RequestRing | undefined {
  const { sections, sectionLength, overlap } = shape;
  const encoder = new RequestEncoder(workload, seed);
  const length = sections * sectionLength;
  const spareBytes = 4 * encoder.requestBytesMax;
  let bytes = Buffer.allocUnsafeSlow(Math.ceil(shape.meanBytes * length * 1.1) + spareBytes);
  const offsets = new Uint32Array(length + overlap + 1);
  const commands = new Uint8Array(length + overlap);
  let at = 0;
  let encoded = 0;
  while (encoded < length) {
    if (encoded % sectionLength === 0) encoder.beginSection(encoded / sectionLength, sections);
    const end = encoder.encodeNext(bytes, at);
    if (end < 0) return undefined;
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

/** Mean encoded length of the first requests. */
function trialMeanBytes(workload: Workload, seed: number): number {
  const encoder = new RequestEncoder(workload, seed);
  const scratch = Buffer.allocUnsafeSlow(encoder.requestBytesMax);
  let sum = 0;
  let trials = 0;
  for (; trials < trialRequests && sum < trialBytesMax; trials++) sum += encoder.encodeNext(scratch, 0);
  return sum / trials;
}
