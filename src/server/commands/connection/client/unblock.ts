import type { CommandSpec } from '../../command.ts';
import { NOT_AN_INTEGER } from '../../errors.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';

export const clientUnblock: CommandSpec = {
  name: 'unblock',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Ends the waiting of a client that a command blocks.',
    since: '5.0.0',
    group: 'connection',
    complexity: 'O(log N) where N is the number of client connections',
    arguments: [
      { name: 'client-id', type: 'integer' },
      {
        name: 'unblock-type',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'timeout', type: 'pure-token', token: 'TIMEOUT' },
          { name: 'error', type: 'pure-token', token: 'ERROR' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    const isError = args.count === 4 && args.is(3, 'ERROR');
    if (args.count > 4) return unknownSubcommand(context, args);
    if (args.count === 4 && !isError && !args.is(3, 'TIMEOUT'))
      return reply.error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
    const id = args.int64(2);
    if (id === undefined) return reply.error(NOT_AN_INTEGER);
    const how = isError ? 'error' : 'timeout';
    const client = server.clients.get(Number(id));
    if (client?.blocked !== undefined)
      return reply.integer(server.blocked.dismiss(client.blocked, how) ? 1 : 0);
    client?.remoteWait?.dismiss(how);
    reply.integer(client?.remoteWait === undefined ? 0 : 1);
  },
};
