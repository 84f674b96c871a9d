import type { CommandSpec } from '../command.ts';
import { NO_PERSISTENCE } from './noPersistence.ts';

export const save: CommandSpec = {
  name: 'save',
  arity: 1,
  flags: ['no_async_loading', 'admin', 'noscript', 'no_multi'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Saves the data to disk and waits for it.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(N) where N is the total number of keys in all databases',
  },
  execute(context) {
    context.reply.error(NO_PERSISTENCE);
  },
};
