/** The error of a container that knows the subcommand but not in this number of arguments. */
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

/** Redis repeats no more of the client's words than this. */
const ECHO_BYTES_MAX = 128;

export function unknownSubcommand(context: CommandContext, args: Arguments): void {
  const name = args.text(1).slice(0, ECHO_BYTES_MAX);
  const command = args.text(0).toUpperCase();
  context.reply.error(
    `ERR unknown subcommand or wrong number of arguments for '${name}'. Try ${command} HELP.`,
  );
}
