import { Transaction } from '../../clients/transaction.ts';
import type { CommandSpec } from '../command.ts';

export const multi: CommandSpec = {
  name: 'multi',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  keys: [],
  docs: {
    summary: 'Begins a transaction: what follows is queued until EXEC.',
    since: '1.2.0',
    group: 'transactions',
    complexity: 'O(1)',
  },
  execute(context) {
    const { client, reply } = context;
    if (client.transaction !== undefined) return reply.error('ERR MULTI calls can not be nested');
    client.transaction = new Transaction();
    reply.ok();
  },
};
