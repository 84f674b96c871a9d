import { aclFilePath } from '../../../access/startingUsers.ts';
import type { CommandSpec } from '../../command.ts';
import { NO_ACL_FILE } from './aclFile.ts';

export const aclSave: CommandSpec = {
  name: 'save',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Writes the users to the ACL file.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of configured users.',
  },
  execute({ reply, server }) {
    const { access, clock, configuration, files, log, probe } = server;
    if (configuration.text('aclfile') === '') return reply.error(NO_ACL_FILE);
    const text = access.users.text();
    const startUs = clock.monotonicUs();
    try {
      files.replaceText(aclFilePath(configuration), text);
    } catch (problem) {
      log.write('warning', `ACL SAVE failed: ${(problem as Error).message}`);
      return reply.error(
        'ERR There was an error trying to save the ACLs. Please check the server logs for more information',
      );
    }
    // As in Redis it waits for the disk.
    probe.worked('fsync', startUs, clock.monotonicUs(), text.length);
    reply.ok();
  },
};
