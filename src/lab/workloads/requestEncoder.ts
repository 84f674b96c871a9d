/**
 * Encodes requests from a workload's templates, ahead of the run.
 *
 * A template is compiled to a list of parts; encoding walks the list and writes RESP arrays straight into the given buffer.
 * Every draw comes from one seeded generator in a fixed order, so the same workload and seed give the same bytes.
 *
 * Invariant: `encodeNext` either writes one whole request or, where it might not fit, nothing at all.
 */
import { assert } from '../../base/assert.ts';
import { Prng } from '../../base/prng.ts';
import { type KeySampler, keySampler } from './keySampler.ts';
import {
  encodeArgument,
  writeArgument,
  writeBulkHead,
  writeLineEnd,
  writeZeroPadded,
} from './respWriting.ts';
import { valueBytesMaxOf, valueSampler, weightedIndexSampler } from './valueSampler.ts';
import { nameOf, type Workload, WorkloadError } from './workload.ts';

type SimpleKind =
  | 'key'
  | 'newKey'
  | 'lastKey'
  | 'lastKeyId'
  | 'keyId'
  | 'counter'
  | 'value'
  | 'ttl'
  | 'field'
  | 'fields';

type Part =
  | { kind: 'literal'; bytes: Buffer }
  | { kind: SimpleKind }
  | { kind: 'keys' | 'pairs'; times: number }
  | { kind: 'int'; min: number; max: number };

interface CompiledTemplate {
  parts: Part[];
  /** An upper bound of its encoded length. */
  bytesMax: number;
}

/** Values are slices of one pool of random printable bytes: incompressible enough, and cheap to copy. */
const valuePoolBytes = 1 << 16;
/** `$<11 digits>\r\n...\r\n` around an argument. */
const argumentFrameBytes = 16;

export class RequestEncoder {
  /** Index into `workload.commands` of the request encoded last. */
  lastCommand = 0;
  readonly #workload: Workload;
  readonly #random: Prng;
  readonly #keys: KeySampler;
  readonly #templates: CompiledTemplate[];
  readonly #preload: readonly CompiledTemplate[];
  /** Index of the command that follows each, -1 for none. */
  readonly #followers: number[];
  #following = -1;
  #lastKeyId = 0;
  readonly #drawCommand: () => number;
  readonly #drawValueBytes: () => number;
  readonly #drawTtl: () => number;
  readonly #valuePool: Buffer;
  readonly #keyPrefix: Buffer;
  readonly #fieldNames: Buffer[];
  readonly #requestBytesMax: number;
  /** Set while a preload request is encoded: {key} is this id. -1 draws. */
  #fixedKeyId = -1;

  constructor(workload: Workload, seed: number) {
    this.#workload = workload;
    this.#random = new Prng(seed);
    this.#keys = keySampler(workload.keys.distribution, workload.keys.count, this.#random, seed);
    this.#drawCommand = weightedIndexSampler(
      workload.commands.map((command) => command.weight),
      this.#random,
    );
    this.#drawValueBytes = valueSampler(workload.value, this.#random);
    const ttl = workload.ttl ?? [];
    const ttlIndex = weightedIndexSampler(
      ttl.map((point) => point.weight),
      this.#random,
    );
    this.#drawTtl = () => ttl[ttlIndex()]!.sec;
    this.#valuePool = printablePool(new Prng(seed + 1));
    this.#keyPrefix = Buffer.from(workload.keys.prefix, 'latin1');
    const fields = Array.from({ length: workload.fields.count }, (_, i) => `${workload.fields.prefix}${i}`);
    this.#fieldNames = fields.map((name) => Buffer.from(name));
    this.#templates = workload.commands.map((command) => this.#compile(command.template));
    const preload = [workload.preload?.template, workload.preload?.alsoTemplate];
    this.#preload = preload.flatMap((one) => (one ? [this.#compile(one)] : []));
    this.#requestBytesMax = Math.max(
      preloadBytesMax(this.#preload),
      ...this.#templates.map((template) => template.bytesMax),
    );
    const names = workload.commands.map(nameOf);
    this.#followers = workload.commands.map(({ followedBy }) =>
      followedBy ? names.indexOf(followedBy) : -1,
    );
  }

  /** No request of this workload is longer. */
  get requestBytesMax(): number {
    return this.#requestBytesMax;
  }

  get keys(): KeySampler {
    return this.#keys;
  }

  /** What follows is section `index` of `sections`: one connection's requests, which read none of another's inserts. */
  beginSection(index: number, sections: number): void {
    this.#keys.beginSection(index, sections);
    this.#following = -1;
  }

  /** Draws a command and writes it at `at`. @returns the position after it, or -1 (nothing drawn) if it might not fit. */
  encodeNext(into: Buffer, at: number): number {
    if (into.length - at < this.#requestBytesMax) return -1;
    this.lastCommand = this.#following >= 0 ? this.#following : this.#drawCommand();
    this.#following = this.#followers[this.lastCommand]!;
    return this.#write(this.#templates[this.lastCommand]!, into, at);
  }

  /** Requests that `encodePreload` writes for one key: 1 or 2. */
  get preloadRequestsPerKey(): number {
    return this.#preload.length;
  }

  /** Writes the preload requests for key `id`. @returns the position after them, or -1 if they might not fit. */
  encodePreload(id: number, into: Buffer, at: number): number {
    assert(this.#preload.length > 0, 'the workload declares a preload');
    if (into.length - at < preloadBytesMax(this.#preload)) return -1;
    this.#fixedKeyId = id;
    let end = at;
    for (const template of this.#preload) end = this.#write(template, into, end);
    this.#fixedKeyId = -1;
    return end;
  }

  #compile(template: readonly string[]): CompiledTemplate {
    const { keys, fields } = this.#workload;
    const parts: Part[] = [];
    let argumentCount = 0;
    let bytesMax = 0;
    const keyMax = keys.lengthBytes + argumentFrameBytes;
    const valueMax = valueBytesMaxOf(this.#workload.value) + argumentFrameBytes;
    const fieldMax = Math.max(...this.#fieldNames.map((name) => name.length)) + argumentFrameBytes;
    const add = (part: Part, count: number, bytes: number): void => {
      parts.push(part);
      argumentCount += count;
      bytesMax += bytes;
    };
    for (const text of template) {
      const placeholder = /^\{(\w+)(?::(-?\d+))?(?::(-?\d+))?\}$/.exec(text);
      const first = Number(placeholder?.[2]);
      switch (placeholder?.[1]) {
        case undefined: {
          const bytes = encodeArgument(Buffer.from(text));
          add({ kind: 'literal', bytes }, 1, bytes.length);
          break;
        }
        case 'key':
        case 'newKey':
        case 'lastKey':
        case 'counter':
          add({ kind: placeholder[1] as SimpleKind }, 1, keyMax);
          break;
        case 'keyId':
        case 'lastKeyId':
          add({ kind: placeholder[1] as SimpleKind }, 1, argumentFrameBytes * 2);
          break;
        case 'value':
          add({ kind: 'value' }, 1, valueMax);
          break;
        case 'ttl':
          add({ kind: 'ttl' }, 1, argumentFrameBytes * 2);
          break;
        case 'field':
          add({ kind: 'field' }, 1, fieldMax);
          break;
        case 'fields':
          add({ kind: 'fields' }, 2 * fields.count, fields.count * (fieldMax + valueMax));
          break;
        case 'keys':
          add({ kind: 'keys', times: atLeastOne(text, first) }, first, first * keyMax);
          break;
        case 'pairs':
          add({ kind: 'pairs', times: atLeastOne(text, first) }, 2 * first, first * (keyMax + valueMax));
          break;
        case 'int': {
          const max = Number(placeholder[3]);
          if (!(first <= max))
            throw new WorkloadError(`${text}: give {int:min:max}, whole numbers, min <= max`);
          add({ kind: 'int', min: first, max }, 1, argumentFrameBytes * 2);
          break;
        }
        default:
          throw new WorkloadError(`${text} is no placeholder; see the list at the top of workload.ts`);
      }
    }
    const head = Buffer.from(`*${argumentCount}\r\n`);
    parts.unshift({ kind: 'literal', bytes: head });
    return { parts: joinLiterals(parts), bytesMax: bytesMax + head.length };
  }

  #write(template: CompiledTemplate, into: Buffer, start: number): number {
    let at = start;
    for (const part of template.parts) {
      switch (part.kind) {
        case 'literal':
          at += part.bytes.copy(into, at);
          break;
        case 'key':
          at = this.#writeKey(into, at, this.#drawKeyId());
          break;
        case 'lastKey':
          at = this.#writeKey(into, at, this.#lastKeyId);
          break;
        case 'lastKeyId':
          at = writeArgument(into, at, Buffer.from(String(this.#lastKeyId)));
          break;
        case 'keyId':
          at = writeArgument(into, at, Buffer.from(String(this.#drawKeyId())));
          break;
        case 'counter':
          at = writeArgument(into, at, Buffer.from(this.#counterName(this.#drawKeyId()), 'latin1'));
          break;
        case 'newKey':
          at = this.#writeKey(into, at, this.#keys.insert());
          break;
        case 'keys':
          for (let i = 0; i < part.times; i++) at = this.#writeKey(into, at, this.#keys.next());
          break;
        case 'pairs':
          for (let i = 0; i < part.times; i++) {
            at = this.#writeKey(into, at, this.#keys.next());
            at = this.#writeValue(into, at);
          }
          break;
        case 'value':
          at = this.#writeValue(into, at);
          break;
        case 'field':
          at = writeArgument(into, at, this.#fieldNames[this.#random.below(this.#fieldNames.length)]!);
          break;
        case 'fields':
          for (const name of this.#fieldNames) {
            at = writeArgument(into, at, name);
            at = this.#writeValue(into, at);
          }
          break;
        case 'ttl':
          at = writeArgument(into, at, Buffer.from(String(this.#drawTtl())));
          break;
        case 'int': {
          const drawn = part.min + this.#random.below(part.max - part.min + 1);
          at = writeArgument(into, at, Buffer.from(String(drawn)));
          break;
        }
      }
    }
    return at;
  }

  #drawKeyId(): number {
    return this.#fixedKeyId >= 0 ? this.#fixedKeyId : this.#keys.next();
  }

  #counterName(id: number): string {
    const { prefix, lengthBytes } = this.#workload.keys;
    return `#${prefix}${String(id).padStart(lengthBytes - prefix.length, '0')}`;
  }

  #writeKey(into: Buffer, start: number, id: number): number {
    this.#lastKeyId = id;
    const length = this.#workload.keys.lengthBytes;
    let at = writeBulkHead(into, start, length);
    at += this.#keyPrefix.copy(into, at);
    at = writeZeroPadded(into, at, id, length - this.#keyPrefix.length);
    return writeLineEnd(into, at);
  }

  #writeValue(into: Buffer, start: number): number {
    const length = this.#drawValueBytes();
    let at = writeBulkHead(into, start, length);
    let left = length;
    let from = this.#random.below(valuePoolBytes - Math.min(left, valuePoolBytes - 1));
    while (left > 0) {
      const copied = this.#valuePool.copy(into, at, from, Math.min(from + left, valuePoolBytes));
      at += copied;
      left -= copied;
      from = 0;
    }
    return writeLineEnd(into, at);
  }
}

function preloadBytesMax(templates: readonly CompiledTemplate[]): number {
  return templates.reduce((sum, template) => sum + template.bytesMax, 0);
}

function atLeastOne(text: string, times: number): number {
  if (!(times >= 1)) throw new WorkloadError(`${text}: give how many, at least 1, as in {keys:10}`);
  return times;
}

function printablePool(random: Prng): Buffer {
  const pool = Buffer.alloc(valuePoolBytes);
  for (let i = 0; i < pool.length; i++) pool[i] = 33 + random.below(94);
  return pool;
}

/** Neighbouring literals become one copy. */
function joinLiterals(parts: Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const previous = joined.at(-1);
    if (part.kind === 'literal' && previous?.kind === 'literal') {
      previous.bytes = Buffer.concat([previous.bytes, part.bytes]);
    } else joined.push({ ...part });
  }
  return joined;
}
