/**
 * A request's arguments as offsets into the read buffer: argument i is bytes [starts[i], ends[i]) of `buffer`.
 * One instance per shard, refilled by the decoder for every request, so nothing here may be kept past `execute`:
 * what outlives the command is copied (`copy`), what does not is looked at in place (`view`, `integer`, `is`).
 * Argument 0 is the command's name.
 */
import { copyBytes, copyOf } from '../../base/bytes.ts';
import { parseInt64, parseSafeInteger } from '../../base/integer.ts';

/** Redis preallocates at most 1,024 argument slots before the bytes have arrived; so do we. */
const SLOTS_INITIAL = 1024;
/** Longer than every name, option or configuration value; a string of it costs at most a few MB for a moment. */
export const TEXT_BYTES_MAX = 64 * 1024;

export class Arguments {
  buffer: Uint8Array = new Uint8Array(0);
  count = 0;
  starts: Int32Array;
  ends: Int32Array;

  /** @param slots room for so many arguments to begin with. */
  constructor(slots = SLOTS_INITIAL) {
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
  }

  /** Arguments of the server's own words, which are copied. */
  static of(words: readonly Uint8Array[]): Arguments {
    const args = new Arguments(words.length);
    args.buffer = Buffer.concat(words);
    let at = 0;
    for (const word of words) {
      args.push(at, at + word.length);
      at += word.length;
    }
    return args;
  }

  /** The arguments from `from` on, with bytes of their own. */
  detached(from = 0): Arguments {
    const copy = new Arguments(this.count - from);
    let bytes = 0;
    for (let i = from; i < this.count; i++) bytes += this.length(i);
    const buffer = new Uint8Array(bytes);
    copy.buffer = buffer;
    let at = 0;
    for (let i = from; i < this.count; i++) {
      const length = this.length(i);
      copyBytes(this.buffer, this.starts[i]!, this.ends[i]!, buffer, at);
      copy.push(at, at + length);
      at += length;
    }
    return copy;
  }

  /** Appends the bytes [start, end) of the current buffer. */
  push(start: number, end: number): void {
    const index = this.count;
    if (index === this.starts.length) this.makeRoom(index + 1);
    this.starts[index] = start;
    this.ends[index] = end;
    this.count = index + 1;
  }

  /** Makes room for `slots` arguments, more than there are now: twice as many at least, so that piecewise growth copies each about once. */
  makeRoom(slots: number): void {
    const length = Math.max(slots, this.starts.length * 2);
    const starts = new Int32Array(length);
    starts.set(this.starts);
    this.starts = starts;
    const ends = new Int32Array(length);
    ends.set(this.ends);
    this.ends = ends;
  }

  /** After a request with very many arguments: give the memory back. */
  trim(): void {
    if (this.starts.length <= SLOTS_INITIAL) return;
    this.starts = new Int32Array(SLOTS_INITIAL);
    this.ends = new Int32Array(SLOTS_INITIAL);
  }

  /** Bytes in argument `index`. */
  length(index: number): number {
    return this.ends[index]! - this.starts[index]!;
  }

  /** The bytes in place: valid until `execute` returns. */
  view(index: number): Uint8Array {
    return this.buffer.subarray(this.starts[index]!, this.ends[index]!);
  }

  /** The bytes as a copy that may be kept. */
  copy(index: number): Uint8Array {
    return copyOf(this.buffer, this.starts[index]!, this.ends[index]!);
  }

  /**
   * As a string of one character a byte: for names, options and error texts, never for values or keys. What is longer than
   * any of these can be is cut: the argument's length is the client's choice, up to 512 MB, and the heap is not.
   */
  text(index: number): string {
    const start = this.starts[index]!;
    const end = Math.min(this.ends[index]!, start + TEXT_BYTES_MAX);
    let text = '';
    for (let i = start; i < end; i++) text += String.fromCharCode(this.buffer[i]!);
    return text;
  }

  /** Case-insensitive comparison with an ASCII word given in upper case: `args.is(3, 'NX')`. */
  is(index: number, wordUpper: string): boolean {
    const start = this.starts[index]!;
    if (this.ends[index]! - start !== wordUpper.length) return false;
    for (let i = 0; i < wordUpper.length; i++) {
      let byte = this.buffer[start + i]!;
      if (byte >= 97 && byte <= 122) byte -= 32;
      if (byte !== wordUpper.charCodeAt(i)) return false;
    }
    return true;
  }

  /**
   * Redis's strict integer (no sign but a leading '-', no leading zeros, no spaces) if it is a safe integer;
   * NaN if it is not an integer in Redis's sense or lies beyond +-(2^53 - 1). Use `int64` where the full range counts.
   */
  integer(index: number): number {
    return parseSafeInteger(this.buffer, this.starts[index]!, this.ends[index]!);
  }

  /** Redis's strict 64-bit signed integer, or undefined. */
  int64(index: number): bigint | undefined {
    return parseInt64(this.buffer, this.starts[index]!, this.ends[index]!);
  }
}
