/**
 * What SCAN, HSCAN, SSCAN and ZSCAN share: the cursor and the options behind it.
 * Cursor and options are parsed apart because the H/S/Z forms look their key up in between.
 */
import { globMatch } from '../../../base/glob.ts';
import type { Arguments } from '../arguments.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../errors.ts';
import type { Reply } from '../reply.ts';

const NUL = 0;
const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const STAR = 42;
/** What SCAN asks for without COUNT. */
const COUNT_DEFAULT = 10;
const UINT64_MAX = 18446744073709551615n;

/**
 * The cursor in argument `index`, or NaN: the caller then answers INVALID_CURSOR. Redis falls back to strtoull, so leading
 * white space, a '+' and leading zeros are cursors too, and what follows a NUL byte is not looked at.
 * Numbers of 2^53 and above are no cursors of ours and become 0, as the keyspace would take them.
 */
export function parseScanCursor(args: Arguments, index: number): number {
  const { buffer } = args;
  let at = args.starts[index]!;
  let end = at;
  while (end < args.ends[index]! && buffer[end] !== NUL) end++;
  const strict = end > at && buffer[at] === MINUS && buffer[at + 1] !== ZERO;
  while (at < end && (buffer[at] === 32 || (buffer[at]! >= 9 && buffer[at]! <= 13))) at++;
  const negative = at < end && buffer[at] === MINUS;
  if (negative || (at < end && buffer[at] === PLUS)) at++;
  if (at === end) return Number.NaN;
  let value = 0;
  let digits = '';
  for (; at < end; at++) {
    const digit = buffer[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    if (value === 0 && digit === 0) continue;
    value = value * 10 + digit;
    digits += String.fromCharCode(digit + ZERO);
    if (digits.length > 20) return Number.NaN;
  }
  if (digits.length >= 16) {
    const wide = BigInt(digits);
    if (wide > UINT64_MAX) return Number.NaN;
    // A plain negative integer is refused; one that only strtoull reads wraps around, which is never a cursor of ours.
    if (negative) return strict && wide <= 9223372036854775808n ? Number.NaN : 0;
    return Number.isSafeInteger(value) ? value : 0;
  }
  if (negative && value !== 0) return strict ? Number.NaN : 0;
  return value;
}

export interface ScanOptions {
  /** Entries to look at in this call, at least 1. */
  count: number;
  /** MATCH: the glob is bytes [patternStart, patternEnd) of the request; false if every name matches. */
  filters: boolean;
  patternStart: number;
  patternEnd: number;
  /** TYPE: index of its argument, 0 if not given. SCAN only. */
  typeIndex: number;
  /** NOVALUES: HSCAN only. */
  noValues: boolean;
}

/** Parses the options from argument `from` on. Answers the error itself and returns undefined if they are wrong. */
export function parseScanOptions(
  args: Arguments,
  from: number,
  container: 'keyspace' | 'hash' | 'members',
  reply: Reply,
): ScanOptions | undefined {
  const options: ScanOptions = {
    count: COUNT_DEFAULT,
    filters: false,
    patternStart: 0,
    patternEnd: 0,
    typeIndex: 0,
    noValues: false,
  };
  for (let i = from; i < args.count; i++) {
    const hasValue = i + 1 < args.count;
    if (hasValue && args.is(i, 'COUNT')) {
      const count = args.int64(++i);
      if (count === undefined) {
        reply.error(NOT_AN_INTEGER);
        return undefined;
      }
      if (count < 1n) {
        reply.error(SYNTAX_ERROR);
        return undefined;
      }
      options.count = Number(count);
    } else if (hasValue && args.is(i, 'MATCH')) {
      i++;
      options.patternStart = args.starts[i]!;
      options.patternEnd = args.ends[i]!;
      options.filters = !(args.length(i) === 1 && args.buffer[options.patternStart] === STAR);
    } else if (hasValue && container === 'keyspace' && args.is(i, 'TYPE')) {
      options.typeIndex = ++i;
    } else if (args.is(i, 'NOVALUES')) {
      if (container !== 'hash') {
        reply.error('ERR NOVALUES option can only be used in HSCAN');
        return undefined;
      }
      options.noValues = true;
    } else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  return options;
}

/** Whether the name, bytes [start, end) of `name`, passes MATCH. */
export function scanMatches(
  options: ScanOptions,
  args: Arguments,
  name: Uint8Array,
  start: number,
  end: number,
): boolean {
  return (
    !options.filters ||
    globMatch(args.buffer, options.patternStart, options.patternEnd, name, start, end, false)
  );
}
