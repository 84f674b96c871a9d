import type { CommandSpec } from '../command.ts';
import { subscribeTo } from './subscribing.ts';

export const psubscribe: CommandSpec = {
  name: 'psubscribe',
  arity: -2,
  flags: ['pubsub', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Subscribes to all channels whose names match globs.',
    since: '2.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of patterns to subscribe to.',
    arguments: [{ name: 'pattern', type: 'pattern', flags: ['multiple'] }],
  },
  execute: (context, args) => subscribeTo(context, args, 'pattern'),
};
