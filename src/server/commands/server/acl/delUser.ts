import { toLatin1 } from '../../../../base/bytes.ts';
import { DEFAULT_USER } from '../../../access/users.ts';
import type { CommandSpec } from '../../command.ts';

export const aclDelUser: CommandSpec = {
  name: 'deluser',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Deletes users and closes their connections.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(1) amortized time considering the typical user.',
    arguments: [{ name: 'username', type: 'string', flags: ['multiple'] }],
  },
  execute({ reply, server }, args) {
    const names = Array.from({ length: args.count - 2 }, (_, i) => toLatin1(args.view(i + 2)));
    if (names.includes(DEFAULT_USER)) return reply.error("ERR The 'default' user cannot be removed");
    reply.integer(names.filter((name) => server.access.deleteUser(name)).length);
  },
};
