import type { CommandSpec } from '../../command.ts';
import type { CommandEntry } from '../../commandTable.ts';
import { documentCommand } from './documentation.ts';

export const commandDocs: CommandSpec = {
  name: 'docs',
  arity: -2,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Documents the commands named, or all.',
    since: '7.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of commands to look up',
    arguments: [{ name: 'command-name', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute(context, args) {
    const { reply } = context;
    const { commands } = context.server;
    const chosen: CommandEntry[] = [];
    if (args.count === 2) chosen.push(...commands.commands());
    for (let i = 2; i < args.count; i++) {
      const entry = commands.getFull(args.text(i).toLowerCase());
      if (entry !== undefined) chosen.push(entry);
    }
    reply.map(chosen.length);
    for (const entry of chosen) {
      reply.bulkText(entry.fullName);
      documentCommand(reply, entry);
    }
  },
};
