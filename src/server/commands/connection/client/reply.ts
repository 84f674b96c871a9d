import type { CommandSpec } from '../../command.ts';
import { SYNTAX_ERROR } from '../../errors.ts';

export const clientReply: CommandSpec = {
  name: 'reply',
  arity: 3,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: "Turns this connection's replies on or off, or skips the next one.",
    since: '3.2.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [
      {
        name: 'action',
        type: 'oneof',
        arguments: [
          { name: 'on', type: 'pure-token', token: 'ON' },
          { name: 'off', type: 'pure-token', token: 'OFF' },
          { name: 'skip', type: 'pure-token', token: 'SKIP' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { client, reply } = context;
    if (args.is(2, 'ON')) {
      if (client.replyMode === 'off' || client.replyMode === 'skip') reply.divideReply(false);
      client.replyMode = 'on';
      reply.ok();
    } else if (args.is(2, 'OFF')) {
      if (client.replyMode === 'on') reply.divideReply(true);
      client.replyMode = 'off';
    } else if (args.is(2, 'SKIP')) {
      if (client.replyMode !== 'off') client.replyMode = 'skip-next';
    } else {
      reply.error(SYNTAX_ERROR);
    }
  },
};
