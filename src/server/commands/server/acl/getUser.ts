import { toLatin1 } from '../../../../base/bytes.ts';
import type { Selector } from '../../../access/selector.ts';
import type { CommandSpec } from '../../command.ts';
import type { Reply } from '../../reply.ts';

/** Three pairs of a map. */
function describeSelector(reply: Reply, selector: Selector): void {
  reply.bulkText('commands');
  reply.bulkText(selector.commands.describe());
  reply.bulkText('keys');
  reply.bulkText(selector.keyRules());
  reply.bulkText('channels');
  reply.bulkText(selector.channelRules());
}

export const aclGetUser: CommandSpec = {
  name: 'getuser',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns what is known of a user, part by part.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of password, command and pattern rules that the user has.',
    history: [
      ['6.2.0', 'Tells of channels.'],
      ['7.0.0', 'Tells of selectors; keys and channels are texts of rules instead of lists.'],
    ],
    arguments: [{ name: 'username', type: 'string' }],
  },
  execute({ reply, server }, args) {
    const user = server.access.users.get(toLatin1(args.view(2)));
    if (user === undefined) return reply.nil();
    const [root, ...others] = user.selectors;
    reply.map(6);
    reply.bulkText('flags');
    const flags = user.flags();
    reply.set(flags.length);
    for (const flag of flags) reply.bulkText(flag);
    reply.bulkText('passwords');
    reply.array(user.passwords.length);
    for (const hash of user.passwords) reply.bulkText(hash);
    describeSelector(reply, root);
    reply.bulkText('selectors');
    reply.array(others.length);
    for (const selector of others) {
      reply.map(3);
      describeSelector(reply, selector);
    }
  },
};
