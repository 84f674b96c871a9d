/**
 * The options that SET and GETEX share, and the instant that an expire argument means.
 *
 * Parsed options travel as one number, so that SET with options allocates nothing: the flags below plus the index of the
 * expire argument times EXPIRE_INDEX_UNIT.
 */
import { INT64_MAX } from '../../../base/integer.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { invalidExpireTime, NOT_AN_INTEGER } from '../errors.ts';

export const StringOption = {
  nx: 1,
  xx: 2,
  get: 4,
  ex: 8,
  px: 16,
  exAt: 32,
  pxAt: 64,
  keepTtl: 128,
  persist: 256,
} as const;

const EXPIRE_INDEX_UNIT = 512;
const TIMED = StringOption.ex | StringOption.px | StringOption.exAt | StringOption.pxAt;
/** Of these at most one may be given, though repeatedly: the last counts. */
const TTL_GROUP = TIMED | StringOption.keepTtl | StringOption.persist;
const CONDITIONS = StringOption.nx | StringOption.xx;

export const SET_OPTIONS = CONDITIONS | StringOption.get | TIMED | StringOption.keepTtl;
export const GETEX_OPTIONS = TIMED | StringOption.persist;

/** The option that argument `index` names, 0 if none. */
function optionAt(args: Arguments, index: number): number {
  switch (args.length(index)) {
    case 2:
      if (args.is(index, 'EX')) return StringOption.ex;
      if (args.is(index, 'PX')) return StringOption.px;
      if (args.is(index, 'NX')) return StringOption.nx;
      return args.is(index, 'XX') ? StringOption.xx : 0;
    case 3:
      return args.is(index, 'GET') ? StringOption.get : 0;
    case 4:
      if (args.is(index, 'EXAT')) return StringOption.exAt;
      return args.is(index, 'PXAT') ? StringOption.pxAt : 0;
    case 7:
      if (args.is(index, 'KEEPTTL')) return StringOption.keepTtl;
      return args.is(index, 'PERSIST') ? StringOption.persist : 0;
    default:
      return 0;
  }
}

/** Reads the arguments from `first` on; -1 for a syntax error. */
export function parseStringOptions(args: Arguments, first: number, allowed: number): number {
  let flags = 0;
  let expireIndex = 0;
  for (let index = first; index < args.count; index++) {
    const option = optionAt(args, index);
    if ((option & allowed) === 0) return -1;
    const exclusive = (option & TTL_GROUP) !== 0 ? TTL_GROUP : (option & CONDITIONS) !== 0 ? CONDITIONS : 0;
    if ((flags & exclusive & ~option) !== 0) return -1;
    if ((option & TIMED) !== 0) {
      index++;
      if (index === args.count) return -1;
      expireIndex = index;
    }
    flags |= option;
  }
  return flags + expireIndex * EXPIRE_INDEX_UNIT;
}

/** The flags of parsed options. */
export const optionFlags = (options: number): number => options % EXPIRE_INDEX_UNIT;
/** Where the expire argument stands, 0 if there is none. */
export const optionExpireIndex = (options: number): number => Math.floor(options / EXPIRE_INDEX_UNIT);

/**
 * The absolute expiry that argument `index` means under the unit in `flags`, ms since the epoch, always positive;
 * 0 after replying with an error. What lies beyond 2^53 ms, 285,000 years, is held as 2^53 - 1.
 */
export function resolveExpiry(
  context: CommandContext,
  args: Arguments,
  index: number,
  flags: number,
  commandName: string,
): number {
  const seconds = (flags & (StringOption.ex | StringOption.exAt)) !== 0;
  const relative = (flags & (StringOption.ex | StringOption.px)) !== 0;
  const given = args.integer(index);
  if (given > 0 && given < 4e12) {
    const durationMs = seconds ? given * 1000 : given;
    return relative ? durationMs + context.nowMs : durationMs;
  }
  const exact = args.int64(index);
  if (exact === undefined) {
    context.reply.error(NOT_AN_INTEGER);
    return 0;
  }
  const durationMs = seconds ? exact * 1000n : exact;
  const expireAtMs = relative ? durationMs + BigInt(Math.trunc(context.nowMs)) : durationMs;
  if (durationMs <= 0n || expireAtMs > INT64_MAX) {
    context.reply.error(invalidExpireTime(commandName));
    return 0;
  }
  return Math.min(Number(expireAtMs), Number.MAX_SAFE_INTEGER);
}
