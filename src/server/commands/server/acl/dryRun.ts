import { toLatin1 } from '../../../../base/bytes.ts';
import { denialOf, fullDenialText } from '../../../access/denial.ts';
import type { CommandSpec } from '../../command.ts';
import { wrongNumberOfArguments } from '../../errors.ts';
import { argumentsFrom, findCommand } from '../command/keyExtraction.ts';

/** Where the command begins. */
const COMMAND_AT = 3;

export const aclDryRun: CommandSpec = {
  name: 'dryrun',
  arity: -4,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Says whether a user might run a command, which is not run.',
    since: '7.0.0',
    group: 'server',
    complexity: 'O(1).',
    arguments: [
      { name: 'username', type: 'string' },
      { name: 'command', type: 'string' },
      { name: 'arg', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute({ reply, server }, args) {
    const name = toLatin1(args.view(2));
    const user = server.access.users.get(name);
    if (user === undefined) return reply.error(`ERR User '${name}' not found`);
    const inner = argumentsFrom(args, COMMAND_AT);
    const entry = findCommand(server.commands, inner);
    if (entry === undefined) return reply.error(`ERR Command '${args.text(COMMAND_AT)}' not found`);
    if (inner.count < entry.arityMin || inner.count > entry.arityMax)
      return reply.error(wrongNumberOfArguments(entry.fullName));
    const denial = denialOf(user, entry, inner);
    if (denial === undefined) reply.ok();
    else reply.bulkText(fullDenialText(user, entry, denial, toLatin1(inner.view(denial.index))));
  },
};
