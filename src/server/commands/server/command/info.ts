import type { CommandSpec } from '../../command.ts';
import { describeCommand } from './description.ts';

export const commandInfo: CommandSpec = {
  name: 'info',
  arity: -2,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Describes the commands named, or all.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(N) where N is the number of commands to look up',
    history: [['7.0.0', 'Without names describes all commands.']],
    arguments: [{ name: 'command-name', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute(context, args) {
    const { reply } = context;
    const { commands } = context.server;
    if (args.count === 2) {
      reply.array(commands.count);
      for (const entry of commands.commands()) describeCommand(reply, entry);
      return;
    }
    reply.array(args.count - 2);
    for (let i = 2; i < args.count; i++) {
      const entry = commands.getFull(args.text(i).toLowerCase());
      if (entry === undefined) reply.nil();
      else describeCommand(reply, entry);
    }
  },
};
