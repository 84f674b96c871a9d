import { discardTransaction } from '../../clients/endTransaction.ts';
import type { CommandSpec } from '../command.ts';

export const exec: CommandSpec = {
  name: 'exec',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
  categories: ['transaction'],
  keys: [],
  docs: {
    summary: 'Runs what was queued since MULTI, all of it in one go.',
    since: '1.2.0',
    group: 'transactions',
    complexity: 'Depends on commands in the transaction',
  },
  execute(context) {
    const { client, reply, server } = context;
    const { transaction, watch } = client;
    if (transaction === undefined) return reply.error('ERR EXEC without MULTI');
    const isStale = watch !== undefined && server.keyEvents.watched.isBroken(watch);
    discardTransaction(server, client);
    if (transaction.isBroken)
      return reply.error('EXECABORT Transaction discarded because of previous errors.');
    if (isStale) return reply.nilArray();
    reply.array(transaction.commands.length);
    context.deniesBlocking = true;
    try {
      for (const { entry, args } of transaction.commands) server.call(entry, args);
    } finally {
      context.deniesBlocking = false;
    }
  },
};
