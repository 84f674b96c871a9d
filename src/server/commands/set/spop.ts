import { EventClass } from '../../events/eventClasses.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { NOT_POSITIVE, readIntegerFrom } from '../integers.ts';
import { drawDistinct } from './randomMembers.ts';
import { setOf } from './setLookup.ts';

export const spop: CommandSpec = {
  name: 'spop',
  arity: -2,
  flags: ['write', 'fast'],
  categories: ['set'],
  keys: oneKey('RW', 'access', 'delete'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Takes members out of a set at random and returns them.',
    since: '1.0.0',
    group: 'set',
    complexity: 'Without the count argument O(1), otherwise O(N) where N is the value of the passed count.',
    history: [['3.2.0', 'The argument `count`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'count', type: 'integer', since: '3.2.0', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    if (args.count > 3) return reply.error(SYNTAX_ERROR);
    const wantsMany = args.count === 3;
    const count = wantsMany ? readIntegerFrom(context, args, 2, 0, NOT_POSITIVE) : 1;
    if (count === undefined) return;
    const ref = db.lookupWrite(args, 1);
    const set = setOf(context, ref);
    if (set === null) return;
    if (set === undefined) return wantsMany ? reply.set(0) : reply.nil();
    if (count === 0) return reply.set(0);
    const members = wantsMany ? drawDistinct(set, count, server.rng) : [set.random(server.rng)];
    if (wantsMany) reply.set(members.length);
    for (const member of members) reply.bulk(member);
    const isGone = members.length === set.length;
    if (isGone) {
      db.keyspace.remove(ref);
    } else {
      for (const member of members) set.remove(new Probe(member, 0, member.length));
      storeBack(context, args, 1, ref, set);
    }
    server.propagation?.instead(isGone ? ['DEL', args.copy(1)] : ['SREM', args.copy(1), ...members]);
    server.dirty += members.length;
    db.changed(args, 1, EventClass.set, 'spop');
    if (isGone) db.changed(args, 1, EventClass.generic, 'del');
  },
};
