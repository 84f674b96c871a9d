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
    const entries = context.server.slowLog.latest(count > 2n ** 31n ? -1 : Number(count));
    reply.array(entries.length);
    for (const entry of entries) {
      reply.array(6);
      reply.integer(entry.id);
      reply.integer(Math.floor(entry.atMs / 1000));
      reply.integer(entry.durationUs);
      reply.array(entry.arguments.length);
      for (const bytes of entry.arguments) reply.bulk(bytes);
      reply.bulkText(entry.address);
      reply.bulkText(entry.name);
    }
  },
};
