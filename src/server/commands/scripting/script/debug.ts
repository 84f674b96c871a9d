import type { CommandSpec } from '../../command.ts';

export const scriptDebug: CommandSpec = {
  name: 'debug',
  arity: 3,
  flags: ['noscript'],
  categories: ['scripting'],
  keys: [],
  docs: {
    summary: 'Switches the debugger of scripts, which this server has not: only NO is accepted.',
    since: '3.2.0',
    group: 'scripting',
    complexity: 'O(1)',
    arguments: [
      {
        name: 'mode',
        type: 'oneof',
        arguments: [
          { name: 'yes', type: 'pure-token', token: 'YES' },
          { name: 'sync', type: 'pure-token', token: 'SYNC' },
          { name: 'no', type: 'pure-token', token: 'NO' },
        ],
      },
    ],
  },
  execute({ reply }, args) {
    if (args.is(2, 'NO')) return reply.ok();
    if (args.is(2, 'YES') || args.is(2, 'SYNC')) return reply.error('ERR this server has no script debugger');
    reply.error('ERR Use SCRIPT DEBUG YES/SYNC/NO');
  },
};
