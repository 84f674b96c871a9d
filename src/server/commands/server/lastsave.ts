import type { CommandSpec } from '../command.ts';

export const lastsave: CommandSpec = {
  name: 'lastsave',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  categories: ['admin', 'dangerous'],
  keys: [],
  tips: ['nondeterministic_output'],
  docs: {
    summary:
      'Returns when the data were last saved: seconds since the epoch, the start of the server if never.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.integer(Math.floor(context.server.persistence.record.lastSaveMs / 1000));
  },
};
