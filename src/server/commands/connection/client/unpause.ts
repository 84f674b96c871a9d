import type { CommandSpec } from '../../command.ts';

export const clientUnpause: CommandSpec = {
  name: 'unpause',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Ends the waiting that CLIENT PAUSE began.',
    since: '6.2.0',
    group: 'connection',
    complexity: 'O(N) Where N is the number of paused clients',
  },
  execute(context) {
    // The clients that wait are woken at the next tick of the clock.
    context.server.clients.pausedUntilMs = 0;
    context.reply.ok();
  },
};
