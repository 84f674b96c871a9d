import type { CommandSpec } from '../../command.ts';

export const scriptExists: CommandSpec = {
  name: 'exists',
  arity: -3,
  flags: ['noscript'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:agg_logical_and'],
  docs: {
    summary: 'Tells of each SHA1 whether the server knows a script by it.',
    since: '2.6.0',
    group: 'scripting',
    complexity:
      'O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).',
    arguments: [{ name: 'sha1', type: 'string', flags: ['multiple'] }],
  },
  execute({ reply, server }, args) {
    reply.array(args.count - 2);
    for (let i = 2; i < args.count; i++)
      reply.integer(server.scripting.has(args.text(i).toLowerCase()) ? 1 : 0);
  },
};
