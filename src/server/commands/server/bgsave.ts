import type { CommandSpec } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { ANOTHER_IN_PROGRESS, SAVE_IN_PROGRESS } from './persistenceReplies.ts';

export const bgsave: CommandSpec = {
  name: 'bgsave',
  arity: -1,
  flags: ['no_async_loading', 'admin', 'noscript'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Saves the data to disk in the background.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
    history: [['3.2.2', 'Option `SCHEDULE`.']],
    arguments: [
      { name: 'schedule', type: 'pure-token', token: 'SCHEDULE', since: '3.2.2', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    const { persistence } = server;
    if (args.count > 2 || (args.count === 2 && !args.is(1, 'SCHEDULE'))) return reply.error(SYNTAX_ERROR);
    if (persistence.unavailable !== undefined) return reply.error(`ERR ${persistence.unavailable}`);
    if (persistence.isSaving) return reply.error(SAVE_IN_PROGRESS);
    if (context.deniesBlocking || persistence.background.kind !== undefined) {
      if (!context.deniesBlocking && args.count === 1) return reply.error(ANOTHER_IN_PROGRESS);
      // As Redis: the instant is after the transaction.
      persistence.schedule();
      return reply.simple('Background saving scheduled');
    }
    persistence.saveInBackground();
    reply.simple('Background saving started');
  },
};
