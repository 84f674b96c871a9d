import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { readUntouched } from '../keyLookup.ts';

const LFU_SELECTED =
  'ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';

export const idletime: CommandSpec = {
  name: 'idletime',
  arity: 3,
  flags: ['readonly'],
  categories: ['keyspace'],
  keys: [keyAt(2, 'RO')],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns the seconds since a value was last accessed.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = readUntouched(context, args, 2);
    if (ref === 0) reply.nil();
    else if (server.lfu) reply.error(LFU_SELECTED);
    else reply.integer(db.idleSec(ref));
  },
};
