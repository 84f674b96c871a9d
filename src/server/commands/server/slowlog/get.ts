import type { CommandSpec } from '../../command.ts';
import { unknownSubcommand } from '../unknownSubcommand.ts';

export const slowlogGet: CommandSpec = {
  name: 'get',
  arity: -2,
  flags: ['admin', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  docs: {
    summary: 'Returns the latest slow commands.',
    since: '2.2.12',
    group: 'server',
    complexity: 'O(N) where N is the number of entries returned',
    history: [['4.0.0', "Replies with the client's address and name, too."]],
    arguments: [{ name: 'count', type: 'integer', flags: ['optional'] }],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count > 3) return unknownSubcommand(context, args);
    const count = args.count === 3 ? args.int64(2) : 10n;
    if (count === undefined || count < -1n)
      return reply.error('ERR count should be greater than or equal to -1');
    reply.array(0);
  },
};
