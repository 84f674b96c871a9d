import { endSession } from '../../clients/endSession.ts';
import type { CommandSpec } from '../command.ts';

export const reset: CommandSpec = {
  name: 'reset',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Puts the connection back into the state of a new one.',
    since: '6.2.0',
    group: 'connection',
    complexity: 'O(1)',
  },
  execute(context) {
    const { client, reply, server } = context;
    client.dbIndex = 0;
    client.protocol = 2;
    server.clients.toDefaultUser(client);
    // The library's name stays: it still says what is behind the connection.
    client.name = '';
    client.replyMode = 'on';
    client.noEvict = false;
    client.noTouch = false;
    endSession(server, client);
    (reply as { protocol: number }).protocol = 2;
    reply.simple('RESET');
  },
};
