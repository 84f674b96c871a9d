import type { CommandSpec } from '../command.ts';

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
    const { reply, server } = context;
    const { persistence } = server;
    if (persistence.unavailable !== undefined) return reply.error(`ERR ${persistence.unavailable}`);
    switch (persistence.appendOnly.askRewrite(context.deniesBlocking)) {
      case 'running':
        return reply.error('ERR Background append only file rewriting already in progress');
      case 'scheduled':
        return reply.simple('Background append only file rewriting scheduled');
      case 'started':
        return reply.simple('Background append only file rewriting started');
    }
  },
};
