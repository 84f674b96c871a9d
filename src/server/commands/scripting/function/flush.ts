import type { CommandSpec } from '../../command.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';

export const functionFlush: CommandSpec = {
  name: 'flush',
  arity: -2,
  flags: ['noscript', 'write'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Deletes all libraries.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(N) where N is the number of functions deleted',
    arguments: [
      {
        name: 'flush-type',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'async', type: 'pure-token', token: 'ASYNC' },
          { name: 'sync', type: 'pure-token', token: 'SYNC' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    if (args.count > 3) return unknownSubcommand(context, args);
    if (args.count === 3 && !args.is(2, 'SYNC') && !args.is(2, 'ASYNC'))
      return reply.error('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
    server.functions.flush();
    server.dirty++;
    reply.ok();
  },
};
