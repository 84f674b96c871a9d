import type { CommandSpec } from '../../command.ts';

export const scriptFlush: CommandSpec = {
  name: 'flush',
  arity: -2,
  flags: ['noscript'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Forgets all scripts.',
    since: '2.6.0',
    group: 'scripting',
    complexity: 'O(N) with N being the number of scripts in cache',
    history: [['6.2.0', 'Takes ASYNC and SYNC.']],
    arguments: [
      {
        name: 'flush-type',
        type: 'oneof',
        since: '6.2.0',
        flags: ['optional'],
        arguments: [
          { name: 'async', type: 'pure-token', token: 'ASYNC' },
          { name: 'sync', type: 'pure-token', token: 'SYNC' },
        ],
      },
    ],
  },
  execute({ reply, server }, args) {
    // Either way the memory is the garbage collector's.
    const isPlain = args.count === 2 || (args.count === 3 && (args.is(2, 'SYNC') || args.is(2, 'ASYNC')));
    if (!isPlain) return reply.error('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
    server.scripting.flush();
    reply.ok();
  },
};
