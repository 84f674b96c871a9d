import type { CommandSpec } from '../../command.ts';

export const functionLoad: CommandSpec = {
  name: 'load',
  arity: -3,
  flags: ['noscript', 'write', 'denyoom'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Makes a library of its code.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(1) (considering compilation time is redundant)',
    arguments: [
      { name: 'replace', type: 'pure-token', token: 'REPLACE', flags: ['optional'] },
      { name: 'function-code', type: 'string' },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    const last = args.count - 1;
    for (let i = 2; i < last; i++)
      if (!args.is(i, 'REPLACE')) return reply.error(`ERR Unknown option given: ${args.text(i)}`);
    const loaded = server.functions.load(args.view(last), last > 2);
    if ('error' in loaded) return reply.error(`ERR ${loaded.error}`);
    server.dirty++;
    reply.bulkText(loaded.name);
  },
};
