import { RdbError } from '../../../persistence/rdb/rdbReader.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';

const FAILED = 'ERR Error trying to load the RDB dump, check server logs.';

/** RELOAD: saves, empties the databases and loads what was saved, in one go. */
export function reload({ reply, server }: CommandContext, args: Arguments): void {
  let saves = true;
  let flushes = true;
  let merges = false;
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, 'MERGE')) merges = true;
    else if (args.is(i, 'NOFLUSH')) flushes = false;
    else if (args.is(i, 'NOSAVE')) saves = false;
    else return reply.error('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.');
  }
  const { persistence } = server;
  if (persistence.unavailable !== undefined) return reply.error(`ERR ${persistence.unavailable}`);
  if (saves) {
    persistence.abandon();
    if (!persistence.saveNow()) return reply.error('ERR');
  }
  if (flushes) {
    for (const database of server.databases) {
      server.keyEvents.emptying(database);
      server.disposal.flush(database, true);
    }
    persistence.libraries.clear();
  }
  try {
    if (persistence.load({ merges, keepsExpired: false }) === undefined) return reply.error(FAILED);
  } catch (problem) {
    if (!(problem instanceof RdbError) && (problem as { code?: string }).code === undefined) throw problem;
    server.log.write('warning', `DEBUG RELOAD: ${persistence.path}: ${(problem as Error).message}`);
    return reply.error(FAILED);
  }
  server.log.write('warning', 'DB reloaded by DEBUG RELOAD');
  reply.ok();
}
