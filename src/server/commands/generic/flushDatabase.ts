/** FLUSHDB and FLUSHALL. ASYNC, SYNC and neither answer alike; how the memory goes back, the shard's `Disposal` decides. */

import { pushBeforeReply } from '../../clients/push.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

/** False once the error has been sent. */
export function acceptsFlushOptions(context: CommandContext, args: Arguments): boolean {
  if (args.count === 1 || (args.count === 2 && (args.is(1, 'ASYNC') || args.is(1, 'SYNC')))) return true;
  context.reply.error(SYNTAX_ERROR);
  return false;
}

export function flushDatabase(context: CommandContext, args: Arguments, database: Database): void {
  context.server.dirty += database.keyspace.count;
  context.server.keyEvents.emptying(database);
  context.server.disposal.flush(database, args.count === 2 && args.is(1, 'SYNC'));
}

/** Clients that cache forget everything, be it of one database or all. */
export function tellOfFlush(
  { client, deniesBlocking, reply, server }: CommandContext,
  args: Arguments,
): void {
  server.tracking.invalidateAll();
  const isAsync =
    args.count === 2 ? args.is(1, 'ASYNC') : server.configuration.flag('lazyfree-lazy-user-flush');
  if (isAsync || deniesBlocking) return;
  // In Redis the client waits until everything has gone: it hears of that first, and then its reply.
  server.tracking.settle(client);
  pushBeforeReply(client, reply);
}
