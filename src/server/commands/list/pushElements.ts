/** LPUSH, RPUSH, LPUSHX and RPUSHX. */
import { EventClass } from '../../events/eventClasses.ts';
import type { Arguments } from '../arguments.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { elementAt, listOf } from './listLookup.ts';

/** @param mustExist true for the forms with X. */
export function pushElements(
  context: CommandContext,
  args: Arguments,
  toHead: boolean,
  mustExist: boolean,
): void {
  const { db, reply, server } = context;
  const ref = db.lookupWrite(args, 1);
  const found = listOf(context, ref);
  if (found === null) return;
  if (found === undefined && mustExist) return reply.integer(0);
  const list = found ?? server.openLists.create();
  let bytes = 0;
  for (let i = 2; i < args.count; i++) bytes += args.length(i);
  list.prepare(bytes, args.count - 2, server.listFill);
  for (let i = 2; i < args.count; i++) {
    if (toHead) list.pushHead(elementAt(args, i));
    else list.pushTail(elementAt(args, i));
  }
  const { length } = list;
  storeBack(context, args, 1, ref, list);
  server.dirty += args.count - 2;
  db.changed(args, 1, EventClass.list, toHead ? 'lpush' : 'rpush');
  reply.integer(length);
}
