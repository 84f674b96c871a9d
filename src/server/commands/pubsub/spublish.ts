import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { publishTo } from './publishTo.ts';

export const spublish: CommandSpec = {
  name: 'spublish',
  arity: 3,
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  categories: [],
  keys: oneKey('not_key'),
  docs: {
    summary: 'Sends a message to all who are subscribed to a shard channel.',
    since: '7.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of clients subscribed to the receiving shard channel.',
    arguments: [
      { name: 'shardchannel', type: 'string' },
      { name: 'message', type: 'string' },
    ],
  },
  execute: (context, args) => publishTo(context, args, 'shard'),
};
