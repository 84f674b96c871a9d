/** DEL and UNLINK: the same here, since how a large collection gives its memory back is the shard's `Disposal`'s matter. */
import { EventClass } from '../../events/eventClasses.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

export function deleteKeys(context: CommandContext, args: Arguments): void {
  const { db, reply, server } = context;
  let removed = 0;
  for (let i = 1; i < args.count; i++) {
    if (!db.delete(args, i)) continue;
    db.changed(args, i, EventClass.generic, 'del');
    removed++;
  }
  server.dirty += removed;
  reply.integer(removed);
}
