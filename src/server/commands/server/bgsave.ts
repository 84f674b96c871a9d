import type { CommandSpec } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { NO_PERSISTENCE } from './noPersistence.ts';

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
    if (args.count > 2 || (args.count === 2 && !args.is(1, 'SCHEDULE'))) context.reply.error(SYNTAX_ERROR);
    else context.reply.error(NO_PERSISTENCE);
  },
};
