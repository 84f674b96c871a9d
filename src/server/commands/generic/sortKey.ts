/** SORT and SORT_RO: options, elements, patterns and the reply or the stored list put together. */
import { assert } from '../../../base/assert.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import { sortElements } from './sortElements.ts';
import { parseSortOptions, type SortOptions } from './sortOptions.ts';
import { SortPattern } from './sortPattern.ts';
import { asElementSource, type ListBuilder, NO_ELEMENTS } from './sortSource.ts';

const EMPTY = new Uint8Array(0);

/** @param buildList makes STORE's list; only needed where there are types that can be sorted. */
export function sortKey(
  context: CommandContext,
  args: Arguments,
  readOnly: boolean,
  buildList?: ListBuilder,
): void {
  const { db, reply } = context;
  const options = parseSortOptions(args, readOnly, reply);
  if (options === undefined) return;
  const ref = db.lookupRead(args, 1);
  const isString = ref !== 0 && db.keyspace.type(ref) === ValueType.string;
  const source =
    ref === 0 ? NO_ELEMENTS : isString ? undefined : asElementSource(db.keyspace.collection(ref));
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
  if (options.storeIndex !== 0) store(context, args, options, elements, getters, buildList);
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
  buildList: ListBuilder | undefined,
): void {
  const { db, reply, server } = context;
  const stored: Uint8Array[] = [];
  for (const element of elements) {
    if (getters.length === 0) stored.push(element);
    for (const getter of getters) stored.push(getter.lookup(element) ?? EMPTY);
  }
  if (stored.length > 0) {
    assert(buildList !== undefined, 'a type that can be sorted exists, so lists do');
    db.putCollection(args, options.storeIndex, buildList(stored), NO_EXPIRY);
    server.dirty += stored.length;
  } else if (db.delete(args, options.storeIndex)) {
    server.dirty++;
  }
  reply.integer(stored.length);
}
