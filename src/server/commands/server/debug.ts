import type { CommandSpec } from '../command.ts';
import { debugSubcommands } from './debug/subcommands.ts';
import { isProtectedActionAllowed } from './protectedAction.ts';
import { unknownSubcommand } from './unknownSubcommand.ts';

const NOT_ALLOWED =
  'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.';

export const debug: CommandSpec = {
  name: 'debug',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'protected'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups commands for testing and looking inside.',
    since: '1.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
    systemCommand: true,
  },
  execute(context, args) {
    if (!isProtectedActionAllowed(context, 'enable-debug-command')) return context.reply.error(NOT_ALLOWED);
    const subcommand = debugSubcommands.get(args.text(1).toLowerCase());
    if (subcommand === undefined || args.count < subcommand.countMin || args.count > subcommand.countMax) {
      return unknownSubcommand(context, args);
    }
    subcommand.execute(context, args);
  },
};
