import type { CommandSpec } from '../command.ts';
import { commandCount } from './command/count.ts';
import { describeCommand } from './command/description.ts';
import { commandDocs } from './command/docs.ts';
import { commandGetKeys } from './command/getKeys.ts';
import { commandGetKeysAndFlags } from './command/getKeysAndFlags.ts';
import { commandHelp } from './command/help.ts';
import { commandInfo } from './command/info.ts';
import { commandList } from './command/list.ts';

export const command: CommandSpec = {
  name: 'command',
  arity: -1,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Describes all commands.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(N) where N is the total number of Redis commands',
  },
  subcommands: [
    commandCount,
    commandDocs,
    commandGetKeys,
    commandGetKeysAndFlags,
    commandHelp,
    commandInfo,
    commandList,
  ],
  execute(context) {
    const { commands } = context.server;
    context.reply.array(commands.count);
    for (const entry of commands.commands()) describeCommand(context.reply, entry);
  },
};
