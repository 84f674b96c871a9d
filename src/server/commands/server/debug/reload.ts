import { RdbError } from '../../../persistence/rdb/rdbReader.ts';
import type { ServerState } from '../../../serverState.ts';
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
    if (persistence.isSaving) persistence.background.abandon();
    if (!persistence.saveNow()) return reply.error('ERR');
  }
  if (flushes) forgetAll(server);
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

/** LOADAOF: empties the databases and runs what the append-only file holds. */
export function loadAppendOnly(context: CommandContext): void {
  const { client, db, nowMs, reply, server } = context;
  const { persistence } = server;
  if (persistence.unavailable !== undefined) return reply.error(`ERR ${persistence.unavailable}`);
  forgetAll(server);
  try {
    persistence.appendOnly.loadAgain();
  } catch (problem) {
    if ((problem as { code?: string }).code === undefined) throw problem;
    server.log.write('warning', `DEBUG LOADAOF: ${(problem as Error).message}`);
    return reply.error('ERR Error trying to load the AOF files, check server logs.');
  } finally {
    context.client = client;
    context.db = db;
    context.nowMs = nowMs;
  }
  server.dirty = 0;
  reply.ok();
}

function forgetAll({ databases, disposal, functions, keyEvents }: ServerState): void {
  for (const database of databases) {
    keyEvents.emptying(database);
    disposal.flush(database, true);
  }
  functions.flush();
}
