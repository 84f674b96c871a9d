import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { FIELD_COUNT_NOT_POSITIVE, fieldsAt, keyAndFieldsDoc } from './fieldsArgument.ts';
import { writeHash } from './hashLookup.ts';

const NO_FIELD = -2;
const NO_TTL = -1;
const PERSISTED = 1;

export const hpersist: CommandSpec = {
  name: 'hpersist',
  arity: -5,
  flags: ['write', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Drops the expiry of fields of a hash.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields',
    arguments: keyAndFieldsDoc,
  },
  execute(context, args) {
    const { nowMs, reply } = context;
    const hash = writeHash(context, args);
    if (hash === null) return;
    const fields = fieldsAt(context, args, 2, FIELD_COUNT_NOT_POSITIVE);
    if (fields === 0) return;
    reply.array(fields);
    let changed = false;
    for (let i = 4; i < args.count; i++) {
      const ref = hash === undefined ? 0 : hash.find(args.buffer, args.starts[i]!, args.ends[i]!);
      if (hash === undefined || ref === 0 || hash.isExpired(ref, nowMs)) {
        reply.integer(NO_FIELD);
      } else if (hash.expireAtMs(ref) === NO_EXPIRY) {
        reply.integer(NO_TTL);
      } else {
        hash.setExpireAt(ref, NO_EXPIRY);
        changed = true;
        reply.integer(PERSISTED);
      }
    }
    if (!changed) return;
    context.server.dirty++;
    context.db.changed(args, 1, EventClass.hash, 'hpersist');
  },
};
