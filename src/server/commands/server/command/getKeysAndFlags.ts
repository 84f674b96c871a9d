import type { CommandSpec } from '../../command.ts';
import { sendKeyFlags } from './description.ts';
import { keysOfInnerCommand } from './keyExtraction.ts';

export const commandGetKeysAndFlags: CommandSpec = {
  name: 'getkeysandflags',
  arity: -3,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Returns the keys among the arguments of the command given, with what happens to each.',
    since: '7.0.0',
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
    for (const { index, flags } of found) {
      reply.array(2);
      reply.bulk(args.buffer, args.starts[index]!, args.ends[index]!);
      sendKeyFlags(reply, flags);
    }
  },
};
