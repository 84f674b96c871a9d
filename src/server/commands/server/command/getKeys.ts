import type { CommandSpec } from '../../command.ts';
import { keysOfInnerCommand } from './keyExtraction.ts';

export const commandGetKeys: CommandSpec = {
  name: 'getkeys',
  arity: -3,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Returns the keys among the arguments of the command given.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(N) where N is the number of arguments to the command',
    arguments: [
      { name: 'command', type: 'string' },
      { name: 'arg', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const found = keysOfInnerCommand(context, args);
    if (typeof found === 'string') return reply.error(found);
    reply.array(found.length);
    for (const { index } of found) reply.bulk(args.buffer, args.starts[index]!, args.ends[index]!);
  },
};
