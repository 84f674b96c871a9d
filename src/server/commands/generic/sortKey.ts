/** SORT and SORT_RO: options, elements, patterns and the reply or the stored list put together. */

import { mayReadEveryKey } from '../../access/denial.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import { collectionAt } from '../../keyspace/value/collectionAt.ts';
import type { Arguments } from '../arguments.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import { listOfElements } from '../list/listOfElements.ts';
import { sortElements } from './sortElements.ts';
import { parseSortOptions, type SortOptions } from './sortOptions.ts';
import { SortPattern } from './sortPattern.ts';
import { asElementSource, NO_ELEMENTS } from './sortSource.ts';

const EMPTY = new Uint8Array(0);

export function sortKey(context: CommandContext, args: Arguments, readOnly: boolean): void {
  const { client, db, entry, reply, server } = context;
  const readsEveryKey = !client.isRestricted || mayReadEveryKey(client.user, entry, args);
  const options = parseSortOptions(args, readOnly, readsEveryKey, reply);
  if (options === undefined) return;
  let ref = db.lookupRead(args, 1);
  if (ref !== 0 && db.keyspace.type(ref) === ValueType.zset && db.keyspace.isPacked(ref)) {
    // Redis converts what it sorts, and OBJECT ENCODING shows it.
    const set = server.openSortedSets.open(db.keyspace, ref);
    set.prepare(Number.POSITIVE_INFINITY, 0, server.sortedSetLimits);
    storeBack(context, args, 1, ref, set);
    ref = db.peek(args, 1);
  }
  const isString = ref !== 0 && db.keyspace.type(ref) === ValueType.string;
  const source =
    ref === 0 ? NO_ELEMENTS : isString ? undefined : asElementSource(collectionAt(db.keyspace, ref));
  if (source === undefined) {
    reply.error(WRONG_TYPE);
    return;
  }
  // The patterns outlive nothing but are applied while other keys are read: no view of the read buffer changes meanwhile.
  const by = options.byIndex === 0 ? undefined : new SortPattern(context, args.view(options.byIndex));
  const elements = sortElements(source, {
    descending: options.descending,
    alpha: options.alpha,
    limitStart: options.limitStart,
    limitCount: options.limitCount,
    keepsOrder: options.keepsOrder,
    stores: options.storeIndex !== 0,
    weightOf: by === undefined ? undefined : (element) => by.lookup(element),
  });
  if (elements === undefined) {
    reply.error("ERR One or more scores can't be converted into double");
    return;
  }
  const getters = options.getIndices.map((index) => new SortPattern(context, args.view(index)));
  if (options.storeIndex !== 0) store(context, args, options, elements, getters);
  else answer(context, elements, getters);
}

function answer(context: CommandContext, elements: Uint8Array[], getters: SortPattern[]): void {
  const { reply } = context;
  reply.array(elements.length * Math.max(getters.length, 1));
  for (const element of elements) {
    if (getters.length === 0) reply.bulk(element);
    for (const getter of getters) {
      const found = getter.lookup(element);
      if (found === undefined) reply.nil();
      else reply.bulk(found);
    }
  }
}

function store(
  context: CommandContext,
  args: Arguments,
  options: SortOptions,
  elements: Uint8Array[],
  getters: SortPattern[],
): void {
  const { db, reply, server } = context;
  const stored: Uint8Array[] = [];
  for (const element of elements) {
    if (getters.length === 0) stored.push(element);
    for (const getter of getters) stored.push(getter.lookup(element) ?? EMPTY);
  }
  if (stored.length > 0) {
    db.putCollection(args, options.storeIndex, listOfElements(server, stored), NO_EXPIRY);
    // What has equal weights comes in an order that another process need not find.
    const key = args.copy(options.storeIndex);
    server.propagation?.instead(['DEL', key], ['RPUSH', key, ...stored]);
    server.dirty += stored.length;
    db.changed(args, options.storeIndex, EventClass.list, 'sortstore');
  } else if (db.delete(args, options.storeIndex)) {
    server.dirty++;
    db.changed(args, options.storeIndex, EventClass.generic, 'del');
  }
  reply.integer(stored.length);
}
