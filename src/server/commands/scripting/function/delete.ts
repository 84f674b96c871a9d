import type { CommandSpec } from '../../command.ts';

export const functionDelete: CommandSpec = {
  name: 'delete',
  arity: 3,
  flags: ['noscript', 'write'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Deletes a library with its functions.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(1)',
    arguments: [{ name: 'library-name', type: 'string' }],
  },
  execute(context, args) {
    const { reply, server } = context;
    if (!server.functions.delete(args.text(2))) return reply.error('ERR Library not found');
    server.dirty++;
    reply.ok();
  },
};
