import type { CommandSpec } from '../../command.ts';
import { SYNTAX_ERROR } from '../../errors.ts';

export const clientNoEvict: CommandSpec = {
  name: 'no-evict',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Exempts this connection from being closed to save memory, or no longer.',
    since: '7.0.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [
      {
        name: 'enabled',
        type: 'oneof',
        arguments: [
          { name: 'on', type: 'pure-token', token: 'ON' },
          { name: 'off', type: 'pure-token', token: 'OFF' },
        ],
      },
    ],
  },
  execute(context, args) {
    const on = args.is(2, 'ON');
    if (!on && !args.is(2, 'OFF')) return context.reply.error(SYNTAX_ERROR);
    context.client.noEvict = on;
    context.reply.ok();
  },
};
