/** Inline commands: words separated by blanks, with "double" and 'single' quotes as a shell has them (Redis's sdssplitargs). */
import type { Arguments } from '../commands/arguments.ts';

const QUOTE_DOUBLE = 34;
const QUOTE_SINGLE = 39;
const BACKSLASH = 92;

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13) || byte === 0;

const hexDigit = (byte: number): number => {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

const ESCAPES = new Map([
  [110, 10], // \n
  [114, 13], // \r
  [116, 9], // \t
  [98, 8], // \b
  [97, 7], // \a
]);

/**
 * Splits [start, end) into `args`, whose buffer becomes a fresh one with the unescaped words. False on unbalanced quotes.
 * Unescaping only ever shortens, so the line's own length is room enough.
 */
export function splitInline(line: Uint8Array, start: number, end: number, args: Arguments): boolean {
  const out = new Uint8Array(end - start);
  let written = 0;
  let at = start;
  args.count = 0;
  args.buffer = out;
  while (true) {
    while (at < end && isBlank(line[at]!)) at++;
    if (at >= end) return true;
    const wordStart = written;
    let quote = 0;
    for (; ; at++) {
      if (at >= end) {
        if (quote !== 0) return false;
        break;
      }
      const byte = line[at]!;
      if (quote === QUOTE_DOUBLE && byte === BACKSLASH && at + 1 < end) {
        const high = at + 3 < end && line[at + 1] === 120 ? hexDigit(line[at + 2]!) : -1;
        const low = high >= 0 ? hexDigit(line[at + 3]!) : -1;
        if (low >= 0) {
          out[written++] = high * 16 + low;
          at += 3;
        } else {
          at++;
          out[written++] = ESCAPES.get(line[at]!) ?? line[at]!;
        }
      } else if (
        quote === QUOTE_SINGLE &&
        byte === BACKSLASH &&
        line[at + 1] === QUOTE_SINGLE &&
        at + 1 < end
      ) {
        out[written++] = QUOTE_SINGLE;
        at++;
      } else if (quote !== 0) {
        if (byte === quote) {
          // A closing quote must end the word.
          if (at + 1 < end && !isBlank(line[at + 1]!)) return false;
          at++;
          break;
        }
        out[written++] = byte;
      } else if (isBlank(byte)) {
        break;
      } else if (byte === QUOTE_DOUBLE || byte === QUOTE_SINGLE) {
        quote = byte;
      } else {
        out[written++] = byte;
      }
    }
    args.push(wordStart, written);
  }
}
