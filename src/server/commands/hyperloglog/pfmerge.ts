import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { hyperLogLogOf, unlessCorrupt } from './hllLookup.ts';
import {
  emptyHyperLogLog,
  isDense,
  markStale,
  mergeRegisters,
  REGISTERS,
  toDense,
  withRegister,
} from './hyperLogLog.ts';

export const pfmerge: CommandSpec = {
  name: 'pfmerge',
  arity: -2,
  flags: ['write', 'denyoom'],
  categories: ['hyperloglog'],
  keys: [
    keyAt(1, 'RW', 'access', 'insert'),
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'range', lastKey: -1, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Merges HyperLogLogs into one.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(N) to merge N HyperLogLogs, but with high constant times.',
    arguments: [
      { name: 'destkey', type: 'key', keySpecIndex: 0 },
      { name: 'sourcekey', type: 'key', keySpecIndex: 1, flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const registers = new Uint8Array(REGISTERS);
    let usesDense = false;
    for (let i = 1; i < args.count; i++) {
      const ref = db.lookupRead(args, i);
      if (ref === 0) continue;
      const bytes = hyperLogLogOf(context, ref);
      if (bytes === undefined) return;
      usesDense ||= isDense(bytes);
      if (!unlessCorrupt(context, () => mergeRegisters(registers, bytes))) return;
    }
    const ref = db.lookupWrite(args, 1);
    const found = ref === 0 ? emptyHyperLogLog() : hyperLogLogOf(context, ref);
    if (found === undefined) return;
    let bytes = found;
    const sparseBytesMax = server.configuration.number('hll-sparse-max-bytes');
    const isSound = unlessCorrupt(context, () => {
      if (usesDense) bytes = toDense(bytes);
      for (let i = 0; i < REGISTERS; i++)
        if (registers[i]! > 0) bytes = withRegister(bytes, i, registers[i]!, sparseBytesMax) ?? bytes;
    });
    if (!isSound) return;
    // Out of date, whether or not a register has changed: as Redis leaves it.
    markStale(bytes);
    if (ref === 0) db.putBytes(args, 1, bytes, NO_EXPIRY, true);
    else db.keyspace.replaceString(ref, bytes, 0, bytes.length, true);
    server.dirty++;
    db.changed(args, 1, EventClass.string, 'pfadd');
    reply.ok();
  },
};
