/** Taking elements from the ends of lists: LPOP, RPOP, LMPOP and the blocking forms. */
import { EventClass } from '../../events/eventClasses.ts';
import type { Ref } from '../../keyspace/keyspace.ts';
import type { ListValue } from '../../keyspace/value/list/listValue.ts';
import type { Arguments } from '../arguments.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { wrongNumberOfArguments } from '../errors.ts';
import { NOT_POSITIVE, readIntegerFrom } from '../integers.ts';
import { listOf, readsHead } from './listLookup.ts';

/** Stores what is left of a list that elements were taken from, and tells of it. */
export function storePopped(
  context: CommandContext,
  args: Arguments,
  index: number,
  ref: Ref,
  list: ListValue,
  fromHead: boolean,
): void {
  const { db, server } = context;
  const isGone = list.length === 0;
  list.shrink(server.listFill);
  storeBack(context, args, index, ref, list);
  server.dirty++;
  db.changed(args, index, EventClass.list, fromHead ? 'lpop' : 'rpop');
  if (isGone) db.changed(args, index, EventClass.generic, 'del');
}

/** Replies with up to `count` elements and takes them. */
export function popRange(
  context: CommandContext,
  args: Arguments,
  index: number,
  ref: Ref,
  list: ListValue,
  fromHead: boolean,
  count: number,
): void {
  const { reply } = context;
  const taken = Math.min(count, list.length);
  reply.array(taken);
  list.visit(fromHead ? 0 : list.length - 1, taken, !fromHead, (node, at) => node.reply(reply, at));
  list.removeRange(fromHead ? 0 : list.length - taken, taken);
  storePopped(context, args, index, ref, list, fromHead);
}

/** LPOP and RPOP. */
export function popElements(context: CommandContext, args: Arguments, fromHead: boolean): void {
  const { db, entry, reply } = context;
  if (args.count > 3) return reply.error(wrongNumberOfArguments(entry.fullName));
  const wantsMany = args.count === 3;
  const count = wantsMany ? readIntegerFrom(context, args, 2, 0, NOT_POSITIVE) : 1;
  if (count === undefined) return;
  const ref = db.lookupWrite(args, 1);
  const list = listOf(context, ref);
  if (list === null) return;
  if (list === undefined) return wantsMany ? reply.nilArray() : reply.nil();
  if (count === 0) return reply.array(0);
  if (wantsMany) return popRange(context, args, 1, ref, list, fromHead, count);
  reply.bulk(list.pop(fromHead));
  storePopped(context, args, 1, ref, list, fromHead);
}

/** What LMPOP and BLMPOP ask for. */
export interface ManyPop {
  readonly keyIndices: readonly number[];
  readonly fromHead: boolean;
  readonly count: number;
}

/** `numkeys key [key ...] LEFT|RIGHT [COUNT count]` from argument `index` on; undefined once the error has been sent. */
export function readManyPop(context: CommandContext, args: Arguments, index: number): ManyPop | undefined {
  const { reply } = context;
  const keyCount = readIntegerFrom(context, args, index, 1, 'ERR numkeys should be greater than 0');
  if (keyCount === undefined) return undefined;
  const sideIndex = index + keyCount + 1;
  if (sideIndex >= args.count) {
    reply.error('ERR syntax error');
    return undefined;
  }
  const fromHead = readsHead(context, args, sideIndex);
  if (fromHead === undefined) return undefined;
  let count: number | undefined;
  for (let i = sideIndex + 1; i < args.count; i++) {
    if (count !== undefined || !args.is(i, 'COUNT') || i + 1 >= args.count) {
      reply.error('ERR syntax error');
      return undefined;
    }
    count = readIntegerFrom(context, args, ++i, 1, 'ERR count should be greater than 0');
    if (count === undefined) return undefined;
  }
  const keyIndices = Array.from({ length: keyCount }, (_, i) => index + 1 + i);
  return { keyIndices, fromHead, count: count ?? 1 };
}

/** Takes elements from the first list that there is, with its name in the reply; false if there is none, and nothing was said. */
export function popFromFirst(context: CommandContext, args: Arguments, pop: ManyPop): boolean {
  const { db, reply } = context;
  for (const index of pop.keyIndices) {
    const ref = db.lookupWrite(args, index);
    const list = listOf(context, ref);
    if (list === undefined) continue;
    if (list === null) return true;
    reply.array(2);
    reply.bulk(args.buffer, args.starts[index]!, args.ends[index]!);
    popRange(context, args, index, ref, list, pop.fromHead, pop.count);
    context.server.propagation?.instead([pop.fromHead ? 'LPOP' : 'RPOP', args.copy(index), pop.count]);
    return true;
  }
  return false;
}
