import type { CommandSpec } from '../../command.ts';
import { SYNTAX_ERROR } from '../../errors.ts';

export const clientNoTouch: CommandSpec = {
  name: 'no-touch',
  arity: 3,
  flags: ['noscript', 'loading', 'stale'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: "Makes this connection's reads leave the keys' access times alone, or no longer.",
    since: '7.2.0',
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
    context.client.noTouch = on;
    context.reply.ok();
  },
};
