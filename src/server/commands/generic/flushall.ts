import type { CommandSpec } from '../command.ts';
import { acceptsFlushOptions, flushDatabase, tellOfFlush } from './flushDatabase.ts';

export const flushall: CommandSpec = {
  name: 'flushall',
  arity: -1,
  flags: ['write'],
  categories: ['keyspace', 'dangerous'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Removes every key of every database.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(N) where N is the total number of keys in all databases',
    history: [
      ['4.0.0', 'Added the `ASYNC` flushing mode modifier.'],
      ['6.2.0', 'Added the `SYNC` flushing mode modifier.'],
    ],
    arguments: [
      {
        name: 'flush-type',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'async', type: 'pure-token', token: 'ASYNC', since: '4.0.0' },
          { name: 'sync', type: 'pure-token', token: 'SYNC', since: '6.2.0' },
        ],
      },
    ],
  },
  execute(context, args) {
    if (!acceptsFlushOptions(context, args)) return;
    for (const database of context.server.databases) flushDatabase(context, args, database);
    context.server.persistence.flushedAll();
    tellOfFlush(context, args);
    context.reply.ok();
  },
};
