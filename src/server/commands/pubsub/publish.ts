import type { CommandSpec } from '../command.ts';
import { publishTo } from './publishTo.ts';

export const publish: CommandSpec = {
  name: 'publish',
  arity: 3,
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Sends a message to all who are subscribed to a channel.',
    since: '2.0.0',
    group: 'pubsub',
    complexity:
      'O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).',
    arguments: [
      { name: 'channel', type: 'string' },
      { name: 'message', type: 'string' },
    ],
  },
  execute: (context, args) => publishTo(context, args, 'channel'),
};
