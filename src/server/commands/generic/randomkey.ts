import type { Ref } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';

/** Removing an entry takes about 200 ns: 500 are 100 us, half of what one step of the loop may take. */
const EXPIRED_REMOVED_MAX = 500;
const SCAN_BATCH = 256;

export const randomkey: CommandSpec = {
  name: 'randomkey',
  arity: 1,
  flags: ['readonly', 'touches_arbitrary_keys'],
  categories: ['keyspace'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:special', 'nondeterministic_output'],
  docs: {
    summary: 'Names a random key of the database.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
  },
  execute(context) {
    const { db, reply, server } = context;
    const { keyspace } = db;
    for (let i = 0; i < EXPIRED_REMOVED_MAX; i++) {
      const ref = keyspace.random(server.rng);
      if (ref === 0) {
        reply.nil();
        return;
      }
      if (!db.isExpired(ref)) {
        reply.bulkKey(keyspace, ref);
        return;
      }
      db.expire(ref);
    }
    // Nearly everything has expired: look for what has not, leaving the removal to the sweep, which goes in slices.
    let live: Ref = 0;
    let cursor = 0;
    do {
      cursor = keyspace.scan(cursor, SCAN_BATCH, (ref) => {
        if (live === 0 && !db.isExpired(ref)) live = ref;
      });
    } while (cursor !== 0 && live === 0);
    if (live === 0) reply.nil();
    else reply.bulkKey(keyspace, live);
  },
};
