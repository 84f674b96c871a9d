/** Integer arguments as commands ask for them. 64-bit ones come as numbers, beyond 2^53 rounded: all that is done with them is comparing. */
import { INT64_MAX } from '../../base/integer.ts';
import type { Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { NOT_AN_INTEGER } from './errors.ts';

export const NOT_POSITIVE = 'ERR value is out of range, must be positive';

/** A 64-bit integer; undefined once the error has been sent. */
export function readInteger(
  { reply }: CommandContext,
  args: Arguments,
  index: number,
  error = NOT_AN_INTEGER,
): number | undefined {
  const value = args.int64(index);
  if (value !== undefined) return Number(value);
  reply.error(error);
  return undefined;
}

/** A 64-bit integer whose negative is one too: not the smallest. Undefined once the error has been sent. */
export function readNegatable({ reply }: CommandContext, args: Arguments, index: number): bigint | undefined {
  const value = args.int64(index);
  if (value !== undefined && value >= -INT64_MAX) return value;
  reply.error(
    value === undefined
      ? NOT_AN_INTEGER
      : `ERR value is out of range, value must between ${-INT64_MAX} and ${INT64_MAX}`,
  );
  return undefined;
}

/** As readInteger, at least `min`; one error for whatever else. */
export function readIntegerFrom(
  context: CommandContext,
  args: Arguments,
  index: number,
  min: number,
  error: string,
): number | undefined {
  const value = readInteger(context, args, index, error);
  if (value === undefined || value >= min) return value;
  context.reply.error(error);
  return undefined;
}
