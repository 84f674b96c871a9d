/** FLUSHDB and FLUSHALL. ASYNC and SYNC answer alike: `Keyspace.clear` is what decides how the memory goes back. */
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

export function flushDatabase(context: CommandContext, database: Database): void {
  context.server.dirty += database.keyspace.count;
  database.keyspace.clear();
}
