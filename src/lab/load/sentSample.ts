/**
 * What was really sent: while the load runs, positions of the ring are noted as they go into a socket; afterwards the bytes
 * at those positions are decoded again as a server would, and the keys, commands and value sizes found in them are counted.
 * The declaration is used only to name what was found, so a wrong encoder or sampler shows.
 */
import { fitZipf } from '../statistics/zipf.ts';
import { KeyRanks } from '../workloads/keyRanks.ts';
import type { RequestRing } from '../workloads/requestRing.ts';
import { nameOf, type Workload } from '../workloads/workload.ts';
import type { SentSample } from './protocol.ts';

const samplesMax = 1 << 17;
const topRanksMax = 64;
/** Fewer sampled keys say nothing about an exponent. */
const fitRanksMin = 1000;

/** Notes one request of every `stride`-th batch; when full, drops every second note and doubles the stride. */
export class SentPositions {
  readonly #positions = new Uint32Array(samplesMax);
  #length = 0;
  #stride = 1;
  #batches = 0;

  /** A batch of `times` requests from ring position `cursor` is being sent. */
  note(cursor: number, times: number): void {
    this.#batches += 1;
    if (this.#batches % this.#stride !== 0) return;
    if (this.#length === samplesMax) this.#thin();
    // Hashed: a plain multiple of the batch's number falls in step with the stride, a power of two.
    this.#positions[this.#length++] = cursor + ((Math.imul(this.#batches, 0x9e3779b1) >>> 8) % times);
  }

  reset(): void {
    this.#length = 0;
    this.#stride = 1;
    this.#batches = 0;
  }

  get positions(): Uint32Array {
    return this.#positions.subarray(0, this.#length);
  }

  #thin(): void {
    for (let i = 0; i < samplesMax / 2; i++) this.#positions[i] = this.#positions[2 * i]!;
    this.#length = samplesMax / 2;
    this.#stride *= 2;
  }
}

/** Splits one encoded request into its arguments. The bytes are our own, so a malformed one is a bug: throws. */
export function decodeRequest(bytes: Buffer): Buffer[] {
  const lineEnd = (at: number): number => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) throw new Error('an encoded request lacks a line end');
    return end;
  };
  let end = lineEnd(0);
  if (bytes[0] !== 42) throw new Error('an encoded request does not start with *');
  const argumentCount = Number(bytes.toString('latin1', 1, end));
  const parts: Buffer[] = [];
  let at = end + 2;
  for (let i = 0; i < argumentCount; i++) {
    end = lineEnd(at);
    if (bytes[at] !== 36) throw new Error('an encoded argument does not start with $');
    const length = Number(bytes.toString('latin1', at + 1, end));
    parts.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  if (at !== bytes.length) throw new Error('an encoded request has bytes left over');
  return parts;
}

/** Decodes the requests at `positions` and counts what is in them. */
export function decodeSample(
  workload: Workload,
  seed: number,
  ring: RequestRing,
  positions: Uint32Array,
): SentSample {
  const commands = new Map<string, number>();
  const keyRanks = new KeyRanks(workload, seed);
  const valueBytesLog2Counts: number[] = [];
  let values = 0;
  let valueBytesSum = 0;
  for (const position of positions) {
    const request = decodeRequest(ring.bytes.subarray(ring.offsets[position]!, ring.offsets[position + 1]!));
    const name = commandName(workload, request);
    commands.set(name, (commands.get(name) ?? 0) + 1);
    for (const [index, argument] of request.entries()) {
      if (index === 0) continue;
      if (keyRanks.note(argument)) continue;
      if (!isValue(workload, request, index)) continue;
      const bucket = argument.length < 2 ? 0 : 31 - Math.clz32(argument.length);
      while (valueBytesLog2Counts.length <= bucket) valueBytesLog2Counts.push(0);
      valueBytesLog2Counts[bucket]! += 1;
      values += 1;
      valueBytesSum += argument.length;
    }
  }
  const { distribution, count } = workload.keys;
  // Uniform keys are fitted too: their exponent must come out as 0.
  const fitted = (distribution.kind === 'zipf' || distribution.kind === 'uniform') && count >= 2;
  const enough = keyRanks.ranks.length >= fitRanksMin;
  const fit =
    fitted && enough
      ? fitZipf(
          keyRanks.ranks.map((rank) => [rank + 1, 1] as const),
          count,
        )
      : undefined;
  const hotShare = keyRanks.hotShare();
  return {
    requests: positions.length,
    commands: [...commands].map(([name, times]) => ({ name, count: times })),
    keys: keyRanks.seen,
    topRanks: keyRanks.top(topRanksMax),
    ...(hotShare === undefined ? {} : { hotShare }),
    ...(fit ? { zipfTheta: { estimate: fit.exponent, standardError: fit.standardError } } : {}),
    valueBytesLog2Counts,
    valueBytesMean: values === 0 ? 0 : valueBytesSum / values,
    values,
  };
}

/** The declared command whose words and length fit the decoded request; the first word in upper case if none does. */
function commandName(workload: Workload, request: Buffer[]): string {
  const word = request[0]!.toString('latin1');
  const fitting = workload.commands.find(
    (command) =>
      command.template[0] === word && argumentsOf(workload, command.template).length === request.length,
  );
  return fitting ? nameOf(fitting) : word.toLowerCase();
}

/** The placeholder that each argument of an encoded template came from. */
function argumentsOf(workload: Workload, template: readonly string[]): string[] {
  const sources: string[] = [];
  for (const text of template) {
    const times = Number(/:(\d+)\}$/.exec(text)?.[1] ?? 1);
    if (text.startsWith('{keys:')) sources.push(...Array<string>(times).fill('{key}'));
    else if (text.startsWith('{pairs:')) for (let i = 0; i < times; i++) sources.push('{key}', '{value}');
    else if (text === '{fields}')
      for (let i = 0; i < workload.fields.count; i++) sources.push('{field}', '{value}');
    else sources.push(text);
  }
  return sources;
}

function isValue(workload: Workload, request: Buffer[], index: number): boolean {
  const word = request[0]!.toString('latin1');
  return workload.commands.some((command) => {
    if (command.template[0] !== word) return false;
    const sources = argumentsOf(workload, command.template);
    return sources.length === request.length && sources[index] === '{value}';
  });
}
