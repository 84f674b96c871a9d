import type { CommandSpec } from '../command.ts';
import { unsubscribeFrom } from './subscribing.ts';

export const punsubscribe: CommandSpec = {
  name: 'punsubscribe',
  arity: -1,
  flags: ['pubsub', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Ends subscriptions by glob, all if none is named.',
    since: '2.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of patterns to unsubscribe.',
    arguments: [{ name: 'pattern', type: 'pattern', flags: ['optional', 'multiple'] }],
  },
  execute: (context, args) => unsubscribeFrom(context, args, 'pattern'),
};
