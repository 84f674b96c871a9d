import type { CommandSpec } from '../command.ts';

export const echo: CommandSpec = {
  name: 'echo',
  arity: 2,
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Answers with the message given.',
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [{ name: 'message', type: 'string' }],
  },
  execute(context, args) {
    context.reply.bulk(args.buffer, args.starts[1]!, args.ends[1]!);
  },
};
