import type { CommandSpec } from '../command.ts';
import { SAVE_IN_PROGRESS } from './persistenceReplies.ts';

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
    const { reply, server } = context;
    const { persistence } = server;
    if (persistence.unavailable !== undefined) reply.error(`ERR ${persistence.unavailable}`);
    else if (persistence.isSaving) reply.error(SAVE_IN_PROGRESS);
    else if (persistence.saveNow()) reply.ok();
    else reply.error('ERR');
  },
};
