import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';

export const touch: CommandSpec = {
  name: 'touch',
  arity: -2,
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  keys: allKeys('RO'),
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  docs: {
    summary: 'Marks keys as just accessed and counts those that exist.',
    since: '3.2.1',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys that will be touched.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute(context, args) {
    const { client, db, reply } = context;
    // CLIENT NO-TOUCH does not hold for the command whose purpose it is to touch.
    const { noTouch } = client;
    client.noTouch = false;
    let found = 0;
    for (let i = 1; i < args.count; i++) if (db.lookupRead(args, i) !== 0) found++;
    client.noTouch = noTouch;
    reply.integer(found);
  },
};
