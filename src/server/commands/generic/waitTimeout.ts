import { INT64_MAX } from '../../../base/integer.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

/** Whether argument `index` is a timeout in milliseconds; false once the error has been sent. */
export function acceptsTimeout(context: CommandContext, args: Arguments, index: number): boolean {
  const { nowMs, reply } = context;
  const timeoutMs = args.int64(index);
  if (timeoutMs === undefined) reply.error('ERR timeout is not an integer or out of range');
  else if (timeoutMs < 0n) reply.error('ERR timeout is negative');
  else if (timeoutMs > INT64_MAX - BigInt(nowMs)) reply.error('ERR timeout is out of range');
  else return true;
  return false;
}
