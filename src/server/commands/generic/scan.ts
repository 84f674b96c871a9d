import { type Ref, VALUE_TYPE_NAMES } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { INVALID_CURSOR } from '../errors.ts';
import { NameReader } from './nameReader.ts';
import { parseScanCursor, parseScanOptions, scanMatches } from './scanOptions.ts';

export const scan: CommandSpec = {
  name: 'scan',
  arity: -2,
  flags: ['readonly', 'touches_arbitrary_keys'],
  categories: ['keyspace'],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
  docs: {
    summary: 'Walks over the keys of the database, some at each call.',
    since: '2.8.0',
    group: 'generic',
    complexity:
      'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.',
    history: [['6.0.0', 'Added the `TYPE` subcommand.']],
    arguments: [
      { name: 'cursor', type: 'integer' },
      { name: 'pattern', type: 'pattern', token: 'MATCH', flags: ['optional'] },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      { name: 'type', type: 'string', token: 'TYPE', since: '6.0.0', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const { keyspace } = db;
    const cursor = parseScanCursor(args, 1);
    if (Number.isNaN(cursor)) {
      reply.error(INVALID_CURSOR);
      return;
    }
    const options = parseScanOptions(args, 2, 'keyspace', reply);
    if (options === undefined) return;

    const name = new NameReader(keyspace);
    const found: Ref[] = [];
    let expired = 0;
    const next = keyspace.scan(cursor, options.count, (ref) => {
      if (options.filters && !scanMatches(options, args, name.read(ref), 0, name.length)) return;
      found.push(ref);
      if (db.isExpired(ref)) expired++;
    });
    const wantedType = options.typeIndex === 0 ? '' : args.text(options.typeIndex).toLowerCase();
    // Removing an entry may invalidate every reference, so those to be removed are remembered by name.
    const gone: Uint8Array[] = [];
    let listed = 0;
    for (const ref of found) {
      if (expired > 0 && db.isExpired(ref)) {
        gone.push(keyspace.keyBytes(ref));
        if (wantedType !== '') server.stats.keyspaceMisses++;
        continue;
      }
      if (wantedType !== '') {
        // Redis looks each key up for its type, and its counters show it.
        server.stats.keyspaceHits++;
        if (VALUE_TYPE_NAMES[keyspace.type(ref)] !== wantedType) continue;
      }
      found[listed++] = ref;
    }
    reply.array(2);
    reply.bulkText(String(next));
    reply.array(listed);
    for (let i = 0; i < listed; i++) reply.bulkKey(keyspace, found[i]!);
    for (const key of gone) {
      const ref = keyspace.find(key, 0, key.length);
      if (ref !== 0) db.expire(ref);
    }
  },
};
