/** The limit on a string's length, proto-max-bulk-len. */
import type { CommandContext } from '../command.ts';

const TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)';
/** The least value proto-max-bulk-len can have: up to here nothing has to be looked up. */
const LENGTH_ALWAYS_ALLOWED = 1024 * 1024;
/** Offsets into stored strings are 32-bit signed integers, whatever the configuration says. */
const LENGTH_MAX = 2 ** 31 - 1;

/** proto-max-bulk-len in bytes. */
export const bulkLengthMax = (context: CommandContext): number =>
  context.server.configuration.number('proto-max-bulk-len');

/** True if a string may have `length` bytes; otherwise replies with the error. */
export function checkStringLength(context: CommandContext, length: number): boolean {
  if (length <= LENGTH_ALWAYS_ALLOWED || length <= Math.min(bulkLengthMax(context), LENGTH_MAX)) return true;
  context.reply.error(TOO_LONG);
  return false;
}
