import type { CommandSpec } from '../../command.ts';
import { listChannels } from './listChannels.ts';

export const pubsubChannels: CommandSpec = {
  name: 'channels',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Lists the channels that somebody is subscribed to by name.',
    since: '2.8.0',
    group: 'pubsub',
    complexity:
      'O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)',
    arguments: [{ name: 'pattern', type: 'pattern', flags: ['optional'] }],
  },
  execute: (context, args) => listChannels(context, args, 'channel'),
};
