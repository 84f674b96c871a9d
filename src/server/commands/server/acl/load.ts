import { loadAclFile } from '../../../access/startingUsers.ts';
import type { CommandSpec } from '../../command.ts';
import { NO_ACL_FILE } from './aclFile.ts';

export const aclLoad: CommandSpec = {
  name: 'load',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Takes the users of the ACL file in place of those there are.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of configured users.',
  },
  execute({ reply, server }) {
    if (server.configuration.text('aclfile') === '') return reply.error(NO_ACL_FILE);
    const problem = loadAclFile(server.access, server.configuration, server.files);
    if (problem === undefined) reply.ok();
    else reply.error(`ERR ${problem}`);
  },
};
