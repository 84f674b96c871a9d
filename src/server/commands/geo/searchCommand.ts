/** GEOSEARCH, GEOSEARCHSTORE, GEORADIUS, GEORADIUSBYMEMBER and their read-only forms. */
import { partialSort } from '../../../base/partialSort.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import { storeNew } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { readSortedSet } from '../sortedSet/sortedSetLookup.ts';
import {
  memberPosition,
  readBox,
  readPosition,
  readRadius,
  replyDistance,
  replyPosition,
} from './geoArguments.ts';
import { cellsFor, distanceWithin, type Position, positionOf, type Shape, scoresOf } from './geohash.ts';

const NO_MEMBER = 'ERR could not decode requested zset member';

/** What a command is by its name. */
export type SearchForm =
  | { readonly kind: 'search' | 'searchStore' }
  | { readonly kind: 'radius'; readonly byMember: boolean; readonly readOnly: boolean };

interface Search {
  centre: Position | undefined;
  /** In units of `unitM` metres. */
  radius: number | undefined;
  box: { readonly width: number; readonly height: number } | undefined;
  unitM: number;
  withDistance: boolean;
  withHash: boolean;
  withPosition: boolean;
  order: 'none' | 'ascending' | 'descending';
  /** 0 for all. */
  count: number;
  any: boolean;
  /** Of the destination, 0 for none. */
  storeIndex: number;
  storesDistance: boolean;
  hasCentre: boolean;
}

interface Found {
  readonly member: Uint8Array;
  readonly score: number;
  readonly position: Position;
  readonly distanceM: number;
}

/** The fixed arguments of GEORADIUS and GEORADIUSBYMEMBER; false once the error has been sent. */
function readRadiusForm(
  context: CommandContext,
  args: Arguments,
  byMember: boolean,
  set: SortedSetValue | undefined,
  search: Search,
): boolean {
  // Without the key, what is asked of a member is not even looked at.
  if (byMember && set === undefined) return true;
  search.centre = byMember ? memberPosition(set, args, 2) : readPosition(context, args, 2);
  if (search.centre === undefined) {
    if (byMember) context.reply.error(NO_MEMBER);
    return false;
  }
  const given = readRadius(context, args, byMember ? 3 : 4);
  if (given === undefined) return false;
  search.radius = given.radius;
  search.unitM = given.unitM;
  return true;
}

/** The options from argument `from` on; false once the error has been sent. */
function readOptions(
  context: CommandContext,
  args: Arguments,
  from: number,
  form: SearchForm,
  set: SortedSetValue | undefined,
  search: Search,
): boolean {
  const { reply } = context;
  const isSearch = form.kind !== 'radius';
  const mayStore = form.kind === 'radius' && !form.readOnly;
  let centreBy: 'member' | 'position' | undefined;
  for (let i = from; i < args.count; i++) {
    const more = args.count - i - 1;
    if (args.is(i, 'WITHDIST')) search.withDistance = true;
    else if (args.is(i, 'WITHHASH')) search.withHash = true;
    else if (args.is(i, 'WITHCOORD')) search.withPosition = true;
    else if (args.is(i, 'ANY')) search.any = true;
    else if (args.is(i, 'ASC')) search.order = 'ascending';
    else if (args.is(i, 'DESC')) search.order = 'descending';
    else if (more >= 1 && args.is(i, 'COUNT')) {
      const count = readInteger(context, args, ++i);
      if (count === undefined) return false;
      if (count <= 0) {
        reply.error('ERR COUNT must be > 0');
        return false;
      }
      search.count = count;
    } else if (mayStore && more >= 1 && (args.is(i, 'STORE') || args.is(i, 'STOREDIST'))) {
      search.storesDistance = args.is(i, 'STOREDIST');
      search.storeIndex = ++i;
    } else if (form.kind === 'searchStore' && args.is(i, 'STOREDIST')) {
      search.storesDistance = true;
    } else if (isSearch && more >= 1 && centreBy !== 'position' && args.is(i, 'FROMMEMBER')) {
      centreBy = 'member';
      search.hasCentre = true;
      i++;
      if (set === undefined) continue;
      search.centre = memberPosition(set, args, i);
      if (search.centre === undefined) {
        reply.error(NO_MEMBER);
        return false;
      }
    } else if (isSearch && more >= 2 && centreBy !== 'member' && args.is(i, 'FROMLONLAT')) {
      centreBy = 'position';
      search.hasCentre = true;
      search.centre = readPosition(context, args, i + 1);
      if (search.centre === undefined) return false;
      i += 2;
    } else if (isSearch && more >= 2 && search.box === undefined && args.is(i, 'BYRADIUS')) {
      const given = readRadius(context, args, i + 1);
      if (given === undefined) return false;
      search.radius = given.radius;
      search.unitM = given.unitM;
      i += 2;
    } else if (isSearch && more >= 3 && search.radius === undefined && args.is(i, 'BYBOX')) {
      const given = readBox(context, args, i + 1);
      if (given === undefined) return false;
      search.box = given;
      search.unitM = given.unitM;
      i += 3;
    } else {
      reply.error(SYNTAX_ERROR);
      return false;
    }
  }
  return true;
}

/** What is wrong with the options together. */
function conflictOf(search: Search, form: SearchForm, commandAsTyped: string): string | undefined {
  if (search.storeIndex !== 0 && (search.withDistance || search.withHash || search.withPosition))
    return `ERR ${form.kind === 'searchStore' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS'} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`;
  if (form.kind !== 'radius' && !search.hasCentre)
    return `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${commandAsTyped}`;
  if (form.kind !== 'radius' && search.radius === undefined && search.box === undefined)
    return `ERR exactly one of BYRADIUS and BYBOX can be specified for ${commandAsTyped}`;
  if (search.any && search.count === 0) return 'ERR the ANY argument requires COUNT argument';
  return undefined;
}

function shapeOf({ box, centre, radius, unitM }: Search): Shape {
  if (radius !== undefined) return { centre: centre!, radiusM: radius * unitM };
  return {
    centre: centre!,
    radiusM: undefined,
    widthM: box!.width * unitM,
    heightM: box!.height * unitM,
  };
}

/** Members within the shape, in the order of cells and scores; with `any` no more than the count. */
function find(set: SortedSetValue, search: Search): Found[] {
  const shape = shapeOf(search);
  const limit = search.any ? search.count : Number.POSITIVE_INFINITY;
  const found: Found[] = [];
  for (const cell of cellsFor(shape)) {
    if (found.length >= limit) break;
    const { from, to } = scoresOf(cell);
    const start = set.countBelowScore(from, false);
    set.visit(start, set.countBelowScore(to, false) - start, false, (member, score) => {
      const position = positionOf(score);
      const distanceM = distanceWithin(shape, position);
      if (distanceM !== undefined)
        found.push({ member: Uint8Array.from(member), score, position, distanceM });
      return found.length < limit;
    });
  }
  return found;
}

export function searchCommand(context: CommandContext, args: Arguments, form: SearchForm): void {
  const { db, reply, server } = context;
  const keyIndex = form.kind === 'searchStore' ? 2 : 1;
  const set = readSortedSet(context, args, keyIndex);
  if (set === null) return;
  const search: Search = {
    centre: undefined,
    radius: undefined,
    box: undefined,
    unitM: 1,
    withDistance: false,
    withHash: false,
    withPosition: false,
    order: 'none',
    count: 0,
    any: false,
    storeIndex: form.kind === 'searchStore' ? 1 : 0,
    storesDistance: false,
    hasCentre: false,
  };
  if (form.kind === 'radius' && !readRadiusForm(context, args, form.byMember, set, search)) return;
  const from = form.kind === 'radius' ? (form.byMember ? 5 : 6) : keyIndex + 1;
  if (!readOptions(context, args, from, form, set, search)) return;
  const conflict = conflictOf(search, form, args.text(0));
  if (conflict !== undefined) return reply.error(conflict);
  const found = set === undefined ? [] : find(set, search);
  const { any, count, order, storeIndex } = search;
  if (order !== 'none' || (count !== 0 && !any)) {
    const sign = order === 'descending' ? -1 : 1;
    const nearer = (a: Found, b: Found): number => sign * (a.distanceM - b.distanceM);
    if (count === 0 || found.length <= count) found.sort(nearer);
    else partialSort(found, 0, count, nearer);
  }
  if (count !== 0 && found.length > count) found.length = count;
  if (storeIndex === 0) return answer(reply, found, search);
  if (found.length > 0) {
    const result = server.openSortedSets.create();
    for (const { distanceM, member, score } of found)
      result.set(
        new Probe(member, 0, member.length),
        search.storesDistance ? distanceM / search.unitM : score,
        server.sortedSetLimits,
      );
    storeNew(context, args, storeIndex, result, NO_EXPIRY);
    server.dirty += found.length;
    db.changed(
      args,
      storeIndex,
      EventClass.zset,
      form.kind === 'radius' ? 'georadiusstore' : 'geosearchstore',
    );
  } else if (db.delete(args, storeIndex)) {
    server.dirty++;
    db.changed(args, storeIndex, EventClass.generic, 'del');
  }
  reply.integer(found.length);
}

function answer(
  reply: CommandContext['reply'],
  found: readonly Found[],
  { unitM, withDistance, withHash, withPosition }: Search,
): void {
  const more = Number(withDistance) + Number(withHash) + Number(withPosition);
  reply.array(found.length);
  for (const { distanceM, member, position, score } of found) {
    if (more > 0) reply.array(more + 1);
    reply.bulk(member);
    if (withDistance) replyDistance(reply, distanceM / unitM);
    if (withHash) reply.integer(score);
    if (withPosition) replyPosition(reply, position);
  }
}

/** The keys of a GEORADIUS: its own and that of STORE or STOREDIST. */
export function radiusKeys(args: Arguments, from: number): number[] {
  let store = 0;
  for (let i = from; i + 1 < args.count; i++) if (args.is(i, 'STORE') || args.is(i, 'STOREDIST')) store = ++i;
  return store === 0 ? [1] : [1, store];
}
