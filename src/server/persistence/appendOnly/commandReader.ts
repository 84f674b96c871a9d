/**
 * Commands out of a part of an append-only file, through a window that moves over it. Lines that begin with '#' are remarks.
 * Every byte is hostile.
 */
import type { InputFile } from '../../../ports/files.ts';
import { Arguments } from '../../commands/arguments.ts';

const WINDOW_BYTES = 1024 * 1024;
const LF = 10;
const CR = 13;
const STAR = 42;
const DOLLAR = 36;
const HASH = 35;
const LINE_BYTES_MAX = 128;
/** As Redis takes them; what is promised is bounded by what the file holds. */
const WORDS_MAX = 2 ** 31 - 1;
const WORD_BYTES_MAX = 2 ** 40;

/** What is next: a command, the end, or why there is neither. */
export type Next = 'command' | 'end' | 'truncated' | 'damaged';

export class CommandReader {
  readonly #file: InputFile;
  readonly #args = new Arguments();
  #window = new Uint8Array(0);
  #windowAt: number;
  /** In the window: behind the last command. */
  #done = 0;

  /** @param from where commands begin. */
  constructor(file: InputFile, from: number) {
    this.#file = file;
    this.#windowAt = from;
  }

  /** Behind the last command that was read whole. */
  get offset(): number {
    return this.#windowAt + this.#done;
  }

  /** The last command; good until the next. */
  get args(): Arguments {
    return this.#args;
  }

  next(): Next {
    for (;;) {
      const result = this.#parse();
      if (typeof result === 'number') {
        this.#done = result;
        return 'command';
      }
      if (result === 'damaged') return result;
      if (this.#windowAt + this.#window.length >= this.#file.sizeBytes)
        return this.#done === this.#window.length ? 'end' : 'truncated';
      this.#extend();
    }
  }

  #extend(): void {
    const kept = this.#window.subarray(this.#done);
    const from = this.offset;
    const length = Math.min(Math.max(WINDOW_BYTES, kept.length * 2), this.#file.sizeBytes - from);
    const window = new Uint8Array(length);
    window.set(kept);
    const got = this.#file.read(window.subarray(kept.length), from + kept.length);
    this.#window = window.subarray(0, kept.length + got);
    this.#windowAt = from;
    this.#done = 0;
  }

  /** Where the next command ends, in the window; or why it is not there. */
  #parse(): number | 'short' | 'damaged' {
    const window = this.#window;
    let at = this.#done;
    while (at < window.length && window[at] === HASH) {
      const end = window.indexOf(LF, at);
      if (end < 0) return 'short';
      at = end + 1;
      this.#done = at;
    }
    const args = this.#args;
    args.buffer = window;
    args.count = 0;
    const count = this.#number(STAR, at, WORDS_MAX);
    if (typeof count === 'string') return count;
    if (count.value < 1) return 'damaged';
    at = count.end;
    for (let i = 0; i < count.value; i++) {
      const length = this.#number(DOLLAR, at, WORD_BYTES_MAX);
      if (typeof length === 'string') return length;
      const end = length.end + length.value;
      if (end + 2 > window.length) return 'short';
      if (window[end] !== CR || window[end + 1] !== LF) return 'damaged';
      args.push(length.end, end);
      at = end + 2;
    }
    return at;
  }

  #number(sign: number, at: number, max: number): { value: number; end: number } | 'short' | 'damaged' {
    const window = this.#window;
    if (at >= window.length) return 'short';
    if (window[at] !== sign) return 'damaged';
    let value = 0;
    let i = at + 1;
    for (; i < window.length && window[i] !== CR; i++) {
      const digit = window[i]! - 48;
      if (digit < 0 || digit > 9 || i - at > LINE_BYTES_MAX) return 'damaged';
      value = value * 10 + digit;
    }
    if (i + 1 >= window.length) return 'short';
    if (window[i + 1] !== LF || i === at + 1 || value > max) return 'damaged';
    return { value, end: i + 2 };
  }
}
