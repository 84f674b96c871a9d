import type { CommandSpec } from '../../command.ts';
import { countSubscribers } from './countSubscribers.ts';

export const pubsubShardnumsub: CommandSpec = {
  name: 'shardnumsub',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Counts the subscribers of shard channels.',
    since: '7.0.0',
    group: 'pubsub',
    complexity: 'O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels',
    arguments: [{ name: 'shardchannel', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute: (context, args) => countSubscribers(context, args, 'shard'),
};
