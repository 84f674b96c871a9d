import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { subscribeTo } from './subscribing.ts';

export const ssubscribe: CommandSpec = {
  name: 'ssubscribe',
  arity: -2,
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: allKeys('not_key'),
  docs: {
    summary: 'Subscribes to shard channels.',
    since: '7.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of shard channels to subscribe to.',
    arguments: [{ name: 'shardchannel', type: 'string', flags: ['multiple'] }],
  },
  execute(context, args) {
    // As in Redis the only one of the three that a transaction cannot run.
    if (context.deniesBlocking)
      return context.reply.error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
    subscribeTo(context, args, 'shard');
  },
};
