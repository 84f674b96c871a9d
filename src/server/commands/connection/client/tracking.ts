import type { CommandSpec } from '../../command.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../../errors.ts';

const OPTIONS = ['BCAST', 'OPTIN', 'OPTOUT', 'NOLOOP'];

export const clientTracking: CommandSpec = {
  name: 'tracking',
  arity: -3,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: "Turns the server's help for client-side caching on or off; here it can only be off.",
    since: '6.0.0',
    group: 'connection',
    complexity: 'O(1). Some options may introduce additional complexity.',
    arguments: [
      {
        name: 'status',
        type: 'oneof',
        arguments: [
          { name: 'on', type: 'pure-token', token: 'ON' },
          { name: 'off', type: 'pure-token', token: 'OFF' },
        ],
      },
      { name: 'client-id', type: 'integer', token: 'REDIRECT', flags: ['optional'] },
      { name: 'prefix', type: 'string', token: 'PREFIX', flags: ['optional', 'multiple', 'multiple_token'] },
      { name: 'bcast', type: 'pure-token', token: 'BCAST', flags: ['optional'] },
      { name: 'optin', type: 'pure-token', token: 'OPTIN', flags: ['optional'] },
      { name: 'optout', type: 'pure-token', token: 'OPTOUT', flags: ['optional'] },
      { name: 'noloop', type: 'pure-token', token: 'NOLOOP', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    let redirects = false;
    for (let i = 3; i < args.count; i++) {
      const hasNext = i + 1 < args.count;
      if (args.is(i, 'REDIRECT') && hasNext) {
        if (redirects) return reply.error('ERR A client can only redirect to a single other client');
        const id = args.int64(++i);
        if (id === undefined) return reply.error(NOT_AN_INTEGER);
        if (server.clients.get(Number(id)) === undefined) {
          return reply.error('ERR The client ID you want redirect to does not exist');
        }
        redirects = true;
      } else if (args.is(i, 'PREFIX') && hasNext) {
        i++;
      } else if (!OPTIONS.some((option) => args.is(i, option))) {
        return reply.error(SYNTAX_ERROR);
      }
    }
    if (args.is(2, 'OFF')) reply.ok();
    else if (args.is(2, 'ON')) reply.error('ERR client-side caching is not available on this server');
    else reply.error(SYNTAX_ERROR);
  },
};
