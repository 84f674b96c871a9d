import { lfuDecayed } from '../../../keyspace/access.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { readUntouched } from '../keyLookup.ts';

const LFU_NOT_SELECTED =
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';

export const freq: CommandSpec = {
  name: 'freq',
  arity: 3,
  flags: ['readonly'],
  categories: ['keyspace'],
  keys: [keyAt(2, 'RO')],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns how frequently a value is accessed, on a logarithmic scale of 0 to 255.',
    since: '4.0.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, nowMs, reply, server } = context;
    const ref = readUntouched(context, args, 2);
    if (ref === 0) reply.nil();
    else if (!server.lfu) reply.error(LFU_NOT_SELECTED);
    else reply.integer(lfuDecayed(db.keyspace.access(ref), nowMs, server.lfuDecayMinutes));
  },
};
