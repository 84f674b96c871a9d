/** What is asked before a script or a function runs. */
import type { CommandContext } from '../commands/command.ts';
import type { ScriptRun } from './scriptRun.ts';
import type { ScriptFlags } from './shebang.ts';

const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

/**
 * The facts of a run; undefined once the error has been said.
 * @param flags undefined for a script that says nothing of itself: then what it calls is looked at.
 */
export function prepareRun(
  { entry, reply, server }: CommandContext,
  name: string,
  isEval: boolean,
  flags: ScriptFlags | undefined,
  isReadOnly: boolean,
): ScriptRun | undefined {
  // Evicts at most once, before the script: what it does is not interrupted for that.
  const hadRoom = server.memoryLimitBytes === 0 || server.makeRoom();
  if (!hadRoom && flags !== undefined && !flags.allowsOutOfMemory && !flags.noWrites) {
    server.stats.rejectedByCommand[entry.number]!++;
    reply.error(OUT_OF_MEMORY);
    return undefined;
  }
  if (flags !== undefined && !flags.noWrites && isReadOnly) {
    reply.error('ERR Can not execute a script with write flag using *_ro command.');
    return undefined;
  }
  return {
    name,
    isEval,
    isReadOnly: isReadOnly || flags?.noWrites === true,
    allowsOutOfMemory: flags?.allowsOutOfMemory === true,
    hadRoom,
    startedUs: server.clock.monotonicUs(),
    killsBefore: server.killsAsked(),
    protocol: 2,
    hasWritten: false,
    isKnownSlow: false,
    isKilled: false,
  };
}
