import { createHash } from 'node:crypto';
import { fromLatin1 } from '../../../../base/bytes.ts';
import type { CommandSpec } from '../../command.ts';

export const aclList: CommandSpec = {
  name: 'list',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns the users with their rules.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of configured users.',
  },
  execute(context) {
    const password = context.server.configuration.text('requirepass');
    const hash = (): string => createHash('sha256').update(fromLatin1(password)).digest('hex');
    const credential = password === '' ? 'nopass sanitize-payload' : `sanitize-payload #${hash()}`;
    context.reply.array(1);
    context.reply.bulkText(`user default on ${credential} ~* &* +@all`);
  },
};
