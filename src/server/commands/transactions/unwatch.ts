import { unwatch as forgetWatched } from '../../clients/endTransaction.ts';
import type { CommandSpec } from '../command.ts';

export const unwatch: CommandSpec = {
  name: 'unwatch',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  keys: [],
  docs: {
    summary: 'Forgets all that is watched.',
    since: '2.2.0',
    group: 'transactions',
    complexity: 'O(1)',
  },
  execute(context) {
    forgetWatched(context.server, context.client);
    context.reply.ok();
  },
};
