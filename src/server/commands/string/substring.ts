/** GETRANGE, and SUBSTR, its name before Redis 2.4. Both ends are inclusive; negative ones count from the string's end. */
import { ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { ArgumentDoc, CommandContext } from '../command.ts';
import { NOT_AN_INTEGER, WRONG_TYPE } from '../errors.ts';

export const SUBSTRING_COMPLEXITY = 'O(N) where N is the length of the returned part';

export const SUBSTRING_ARGUMENTS: ArgumentDoc[] = [
  { name: 'key', type: 'key', keySpecIndex: 0 },
  { name: 'start', type: 'integer' },
  { name: 'end', type: 'integer' },
];

export function replySubstring(context: CommandContext, args: Arguments): void {
  const { db, reply } = context;
  let start = args.integer(2);
  let end = args.integer(3);
  if (Number.isNaN(start) || Number.isNaN(end)) {
    const startWide = args.int64(2);
    const endWide = args.int64(3);
    if (startWide === undefined || endWide === undefined) {
      reply.error(NOT_AN_INTEGER);
      return;
    }
    // No string is that long: the order of the two is all that is left to keep.
    start = Math.max(-Number.MAX_SAFE_INTEGER + 1, Math.min(Number(startWide), Number.MAX_SAFE_INTEGER));
    end = Math.max(-Number.MAX_SAFE_INTEGER + 1, Math.min(Number(endWide), Number.MAX_SAFE_INTEGER));
    if (startWide > endWide && start <= end) end = start - 1;
  }
  const ref = db.lookupRead(args, 1);
  if (ref === 0) {
    reply.bulkText('');
    return;
  }
  if (db.keyspace.type(ref) !== ValueType.string) {
    reply.error(WRONG_TYPE);
    return;
  }
  if (start < 0 && end < 0 && start > end) {
    reply.bulkText('');
    return;
  }
  const length = db.keyspace.stringLength(ref);
  const from = start < 0 ? Math.max(0, length + start) : start;
  const to = Math.min(end < 0 ? Math.max(0, length + end) : end, length - 1);
  if (from > to) reply.bulkText('');
  else reply.bulkEntry(db.keyspace, ref, from, to + 1);
}
