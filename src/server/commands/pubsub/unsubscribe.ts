import type { CommandSpec } from '../command.ts';
import { unsubscribeFrom } from './subscribing.ts';

export const unsubscribe: CommandSpec = {
  name: 'unsubscribe',
  arity: -1,
  flags: ['pubsub', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Ends subscriptions to channels, to all if none is named.',
    since: '2.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of channels to unsubscribe.',
    arguments: [{ name: 'channel', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute: (context, args) => unsubscribeFrom(context, args, 'channel'),
};
