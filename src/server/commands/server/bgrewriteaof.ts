import type { CommandSpec } from '../command.ts';
import { NO_APPEND_ONLY_FILE } from './persistenceReplies.ts';

export const bgrewriteaof: CommandSpec = {
  name: 'bgrewriteaof',
  arity: 1,
  flags: ['no_async_loading', 'admin', 'noscript'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Rewrites the append-only file in the background.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.error(NO_APPEND_ONLY_FILE);
  },
};
