import type { CommandSpec } from '../../command.ts';
import { countSubscribers } from './countSubscribers.ts';

export const pubsubNumsub: CommandSpec = {
  name: 'numsub',
  arity: -2,
  flags: ['pubsub', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Counts the subscribers of channels.',
    since: '2.8.0',
    group: 'pubsub',
    complexity: 'O(N) for the NUMSUB subcommand, where N is the number of requested channels',
    arguments: [{ name: 'channel', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute: (context, args) => countSubscribers(context, args, 'channel'),
};
