import { toLatin1 } from '../../../../base/bytes.ts';
import { hasSpaces } from '../../../access/ruleErrors.ts';
import type { CommandSpec } from '../../command.ts';

export const aclSetUser: CommandSpec = {
  name: 'setuser',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Makes a user or changes one, by all the rules given or none.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of rules provided.',
    history: [
      ['6.2.0', 'Rules about channels.'],
      ['7.0.0', 'Selectors, and rules about reading or writing keys.'],
    ],
    arguments: [
      { name: 'username', type: 'string' },
      { name: 'rule', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute({ reply, server }, args) {
    const name = toLatin1(args.view(2));
    if (hasSpaces(name)) return reply.error("ERR Usernames can't contain spaces or null characters");
    const rules = Array.from({ length: args.count - 3 }, (_, i) => toLatin1(args.view(i + 3)));
    const problem = server.access.setUser(name, rules);
    if (problem === undefined) reply.ok();
    else reply.error(`ERR ${problem}`);
  },
};
