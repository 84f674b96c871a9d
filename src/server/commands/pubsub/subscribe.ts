import type { CommandSpec } from '../command.ts';
import { subscribeTo } from './subscribing.ts';

export const subscribe: CommandSpec = {
  name: 'subscribe',
  arity: -2,
  flags: ['pubsub', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Subscribes to channels.',
    since: '2.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of channels to subscribe to.',
    history: [],
    arguments: [{ name: 'channel', type: 'string', flags: ['multiple'] }],
  },
  execute: (context, args) => subscribeTo(context, args, 'channel'),
};
