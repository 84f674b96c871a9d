/** LMOVE, RPOPLPUSH and their blocking forms: an element from an end of one list to an end of another, or of the same. */
import { EventClass } from '../../events/eventClasses.ts';
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { ListValue } from '../../keyspace/value/list/listValue.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { Arguments } from '../arguments.ts';
import { waitForKeys } from '../blocking.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { sameKey } from '../generic/keyLookup.ts';
import { listOf } from './listLookup.ts';

/** From the list at argument 1 to that at argument 2; where there is none at argument 1 the reply is nil. */
export function moveElement(
  context: CommandContext,
  args: Arguments,
  fromHead: boolean,
  toHead: boolean,
): void {
  const { db, reply, server } = context;
  const found = listOf(context, db.lookupWrite(args, 1));
  if (found === null) return;
  if (found === undefined) return reply.nil();
  if (listOf(context, db.lookupWrite(args, 2)) === null) return;
  // The second look-up may have removed an expired entry.
  const sourceRef = db.peek(args, 1);
  const source = listOf(context, sourceRef)!;
  const element = source.pop(fromHead);
  const isSame = sameKey(args, 1, 2);
  const isGone = source.length === 0 && !isSame;
  if (isSame) {
    push(context, args, sourceRef, source, element, toHead);
  } else {
    source.shrink(server.listFill);
    storeBack(context, args, 1, sourceRef, source);
    const targetRef = db.peek(args, 2);
    push(context, args, targetRef, listOf(context, targetRef) ?? server.openLists.create(), element, toHead);
  }
  server.dirty++;
  db.changed(args, 2, EventClass.list, toHead ? 'lpush' : 'rpush');
  reply.bulk(element);
  db.changed(args, 1, EventClass.list, fromHead ? 'lpop' : 'rpop');
  if (isGone) db.changed(args, 1, EventClass.generic, 'del');
}

/** Puts the element into the list that is, or will be, under the key in argument 2. */
function push(
  context: CommandContext,
  args: Arguments,
  ref: Ref,
  list: ListValue,
  element: Uint8Array,
  toHead: boolean,
): void {
  const { listFill } = context.server;
  const probe = new Probe(element, 0, element.length);
  list.prepare(element.length, 1, listFill);
  if (toHead) list.pushHead(probe);
  else list.pushTail(probe);
  storeBack(context, args, 2, ref, list);
}

/** As moveElement, but waits until there is a list to take from. */
export function moveOrWait(
  context: CommandContext,
  args: Arguments,
  fromHead: boolean,
  toHead: boolean,
  deadlineMs: number,
): void {
  const { db, deniesBlocking, reply } = context;
  const found = listOf(context, db.lookupWrite(args, 1));
  if (found === null) return;
  if (found !== undefined) moveElement(context, args, fromHead, toHead);
  else if (deniesBlocking) reply.nil();
  else waitForKeys(context, args, { keyIndices: [1], type: ValueType.list, deadlineMs });
}
