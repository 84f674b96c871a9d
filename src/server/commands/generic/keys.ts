import { globMatch } from '../../../base/glob.ts';
import type { Ref } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { NameReader } from './nameReader.ts';

const STAR = 42;

export const keys: CommandSpec = {
  name: 'keys',
  arity: 2,
  flags: ['readonly'],
  categories: ['keyspace', 'dangerous'],
  keys: [],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  docs: {
    summary: 'Lists the keys whose names match a pattern.',
    since: '1.0.0',
    group: 'generic',
    complexity:
      'O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length.',
    arguments: [{ name: 'pattern', type: 'pattern' }],
  },
  execute(context, args) {
    const { db, reply } = context;
    const { keyspace } = db;
    const start = args.starts[1]!;
    const end = args.ends[1]!;
    const all = end - start === 1 && args.buffer[start] === STAR;
    const name = new NameReader(keyspace);
    // References first: the reply's length comes before its members. Nothing changes meanwhile, so they stay valid;
    // expired keys are passed over and left for others to remove, as Redis does here.
    const found: Ref[] = [];
    const visit = (ref: Ref): void => {
      const matches = all || globMatch(args.buffer, start, end, name.read(ref), 0, name.length, false);
      if (matches && !db.isExpired(ref)) found.push(ref);
    };
    let cursor = 0;
    do cursor = keyspace.scan(cursor, Math.max(keyspace.count, 1), visit);
    while (cursor !== 0);
    reply.array(found.length);
    for (const ref of found) reply.bulkKey(keyspace, ref);
  },
};
