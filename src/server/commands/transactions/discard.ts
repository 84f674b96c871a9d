import { discardTransaction } from '../../clients/endTransaction.ts';
import type { CommandSpec } from '../command.ts';

export const discard: CommandSpec = {
  name: 'discard',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  keys: [],
  docs: {
    summary: 'Forgets what was queued since MULTI, and what was watched.',
    since: '2.0.0',
    group: 'transactions',
    complexity: 'O(N), when N is the number of queued commands',
  },
  execute(context) {
    const { client, reply, server } = context;
    if (client.transaction === undefined) return reply.error('ERR DISCARD without MULTI');
    discardTransaction(server, client);
    reply.ok();
  },
};
