import type { CommandSpec } from '../../command.ts';
import { NAME_REFUSED, nameAt } from './names.ts';

export const clientSetName: CommandSpec = {
  name: 'setname',
  arity: 3,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Names this connection.',
    since: '2.6.9',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [{ name: 'connection-name', type: 'string' }],
  },
  execute(context, args) {
    const name = nameAt(args, 2);
    if (name === undefined) return context.reply.error(NAME_REFUSED);
    context.client.name = name;
    context.reply.ok();
  },
};
