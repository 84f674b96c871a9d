import type { CommandSpec } from '../command.ts';
import { keyAt, oneKey } from '../command.ts';
import { NO_SUCH_KEY } from '../errors.ts';
import { renameKey } from './renameKey.ts';

export const rename: CommandSpec = {
  name: 'rename',
  arity: 3,
  flags: ['write'],
  categories: ['keyspace'],
  keys: [...oneKey('RW', 'access', 'delete'), keyAt(2, 'OW', 'update')],
  docs: {
    summary: 'Renames a key, replacing what the new name held.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'newkey', type: 'key', keySpecIndex: 1 },
    ],
  },
  execute(context, args) {
    const outcome = renameKey(context, args, true);
    if (outcome === 'absent') context.reply.error(NO_SUCH_KEY);
    else context.reply.ok();
  },
};
