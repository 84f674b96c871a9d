/** ZRANK and ZREVRANK. */
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR, wrongNumberOfArguments } from '../errors.ts';
import { memberAt, readSortedSet } from './sortedSetLookup.ts';

export function replyRank(context: CommandContext, args: Arguments, reversed: boolean): void {
  const { entry, reply } = context;
  if (args.count > 4) return reply.error(wrongNumberOfArguments(entry.fullName));
  const withScore = args.count === 4;
  if (withScore && !args.is(3, 'WITHSCORE')) return reply.error(SYNTAX_ERROR);
  const set = readSortedSet(context, args);
  if (set === null) return;
  const member = memberAt(args, 2);
  const rank = set?.rank(member);
  if (set === undefined || rank === undefined) return withScore ? reply.nilArray() : reply.nil();
  if (withScore) reply.array(2);
  reply.integer(reversed ? set.length - 1 - rank : rank);
  if (withScore) reply.double(set.score(member)!);
}
