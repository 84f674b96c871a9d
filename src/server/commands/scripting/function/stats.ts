import type { CommandSpec } from '../../command.ts';

export const functionStats: CommandSpec = {
  name: 'stats',
  arity: 2,
  flags: ['noscript', 'allow_busy'],
  categories: ['scripting'],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  docs: {
    summary: 'Tells of the function that runs, and of the engine.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(1)',
  },
  execute(context) {
    const { reply, server } = context;
    // Nobody else runs while a function does: to whoever asks, none is running.
    reply.map(2);
    reply.bulkText('running_script');
    reply.nil();
    reply.bulkText('engines');
    reply.map(1);
    reply.bulkText('LUA');
    reply.map(2);
    reply.bulkText('libraries_count');
    reply.integer(server.functions.libraryCount);
    reply.bulkText('functions_count');
    reply.integer(server.functions.functionCount);
  },
};
