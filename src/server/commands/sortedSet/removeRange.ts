/** ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX. */
import { EventClass } from '../../events/eventClasses.ts';
import type { Arguments } from '../arguments.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import type { RangeOf } from './rangeBounds.ts';
import { sortedSetOf } from './sortedSetLookup.ts';

export function removeRange(context: CommandContext, args: Arguments, range: RangeOf): void {
  const { db, entry, reply, server } = context;
  const ref = db.lookupWrite(args, 1);
  const set = sortedSetOf(context, ref);
  if (set === null) return;
  if (set === undefined) return reply.integer(0);
  const { from, to } = range(set);
  const count = Math.max(to - from, 0);
  if (count > 0) {
    const isGone = count === set.length;
    if (isGone) db.keyspace.remove(ref);
    else {
      set.removeRange(from, count);
      storeBack(context, args, 1, ref, set);
    }
    server.dirty += count;
    db.changed(args, 1, EventClass.zset, entry.fullName);
    if (isGone) db.changed(args, 1, EventClass.generic, 'del');
  }
  reply.integer(count);
}
