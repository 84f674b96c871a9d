/** SCRIPT KILL and FUNCTION KILL. */
import type { CommandContext } from '../command.ts';

const SCRIPT_IS_BUSY =
  'BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.';
const EVAL_IS_BUSY = 'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.';

/** @param isEval whether it is a script that is to end, and not a function. */
export function killScript({ reply, server }: CommandContext, isEval: boolean): void {
  const { running } = server.scripting;
  if (running === undefined) return reply.error('NOTBUSY No scripts in execution right now.');
  if (running.hasWritten) {
    return reply.error(
      'UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script ' +
        'termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.',
    );
  }
  if (isEval !== running.isEval) return reply.error(isEval ? SCRIPT_IS_BUSY : EVAL_IS_BUSY);
  running.isKilled = true;
  reply.ok();
}
