import type { CommandSpec } from '../../command.ts';

export const moduleList: CommandSpec = {
  name: 'list',
  arity: 2,
  flags: ['admin', 'noscript'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Returns the loaded modules; there are none.',
    since: '4.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of loaded modules.',
  },
  execute(context) {
    context.reply.array(0);
  },
};
