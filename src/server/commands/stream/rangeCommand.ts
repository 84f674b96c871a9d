/** XRANGE and XREVRANGE. */
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { readBound, readStream, replyRange } from './streamLookup.ts';

export function rangeCommand(context: CommandContext, args: Arguments, backwards: boolean): void {
  const { reply } = context;
  const from = readBound(context, args, backwards ? 3 : 2, true);
  if (from === undefined) return;
  const to = readBound(context, args, backwards ? 2 : 3, false);
  if (to === undefined) return;
  let count = -1;
  for (let i = 4; i < args.count; i++) {
    if (!args.is(i, 'COUNT') || i + 1 >= args.count) return reply.error(SYNTAX_ERROR);
    const given = readInteger(context, args, ++i);
    if (given === undefined) return;
    count = Math.max(given, 0);
  }
  const stream = readStream(context, args);
  if (stream === null) return;
  if (stream === undefined) return reply.array(0);
  if (count === 0) return reply.nilArray();
  replyRange(reply, stream, from, to, count, backwards);
}
