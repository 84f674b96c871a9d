import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { hyperLogLogOf, unlessCorrupt } from './hllLookup.ts';
import { emptyHyperLogLog, markStale, withElement } from './hyperLogLog.ts';

export const pfadd: CommandSpec = {
  name: 'pfadd',
  arity: -2,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hyperloglog'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Adds elements to a HyperLogLog, creating it if need be.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(1) to add every element.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'element', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupWrite(args, 1);
    const found = ref === 0 ? emptyHyperLogLog() : hyperLogLogOf(context, ref);
    if (found === undefined) return;
    let bytes = found;
    let updates = ref === 0 ? 1 : 0;
    const sparseBytesMax = server.configuration.number('hll-sparse-max-bytes');
    const isSound = unlessCorrupt(context, () => {
      for (let i = 2; i < args.count; i++) {
        const changed = withElement(bytes, args.buffer, args.starts[i]!, args.ends[i]!, sparseBytesMax);
        if (changed === undefined) continue;
        bytes = changed;
        updates++;
      }
    });
    if (!isSound) return;
    if (updates > 0) {
      markStale(bytes);
      if (ref === 0) db.putBytes(args, 1, bytes, NO_EXPIRY, true);
      else db.keyspace.replaceString(ref, bytes, 0, bytes.length, true);
      server.dirty += updates;
      db.changed(args, 1, EventClass.string, 'pfadd');
    }
    reply.integer(updates > 0 ? 1 : 0);
  },
};
