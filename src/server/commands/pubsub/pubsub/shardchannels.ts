import type { CommandSpec } from '../../command.ts';
import { listChannels } from './listChannels.ts';

export const pubsubShardchannels: CommandSpec = {
  name: 'shardchannels',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Lists the shard channels that somebody is subscribed to.',
    since: '7.0.0',
    group: 'pubsub',
    complexity:
      'O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels).',
    arguments: [{ name: 'pattern', type: 'pattern', flags: ['optional'] }],
  },
  execute: (context, args) => listChannels(context, args, 'shard'),
};
