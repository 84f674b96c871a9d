import type { CommandSpec } from '../command.ts';

export const dbsize: CommandSpec = {
  name: 'dbsize',
  arity: 1,
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  docs: {
    summary: 'Counts the keys of the selected database.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute({ db, reply }) {
    reply.integer(db.keyspace.count);
  },
};
