import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { unsubscribeFrom } from './subscribing.ts';

export const sunsubscribe: CommandSpec = {
  name: 'sunsubscribe',
  arity: -1,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: allKeys('not_key'),
  docs: {
    summary: 'Ends subscriptions to shard channels, to all if none is named.',
    since: '7.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of shard channels to unsubscribe.',
    arguments: [{ name: 'shardchannel', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute: (context, args) => unsubscribeFrom(context, args, 'shard'),
};
