import type { Denial, DenialReason } from '../../access/denial.ts';
import { discardTransaction } from '../../clients/endTransaction.ts';
import type { QueuedCommand, Transaction } from '../../clients/transaction.ts';
import type { CommandContext, CommandSpec } from '../command.ts';

const NO_LONGER_ALLOWED =
  'NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. ' +
  'This command is no longer allowed for the following reason: ';
const LOST: Readonly<Record<DenialReason, string>> = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments',
};

/** What the user was allowed at queueing may have been taken away since. The log shows the client in its transaction. */
function refusal(
  { client, server }: CommandContext,
  transaction: Transaction,
  { entry, args }: QueuedCommand,
): Denial | undefined {
  client.transaction = transaction;
  const denial = server.access.refuse(client, entry, args, 'multi');
  client.transaction = undefined;
  return denial;
}

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
      for (const queued of transaction.commands) {
        const denial = client.isRestricted ? refusal(context, transaction, queued) : undefined;
        if (denial === undefined) server.call(queued.entry, queued.args);
        else reply.error(NO_LONGER_ALLOWED + LOST[denial.reason]);
      }
    } finally {
      context.deniesBlocking = false;
    }
  },
};
