import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { hyperLogLogOf, unlessCorrupt } from './hllLookup.ts';
import { estimateBytes, estimateOf, keptEstimate, mergeRegisters, REGISTERS } from './hyperLogLog.ts';

/** Of one key: the estimate is kept with it until it changes. */
function countOne(context: CommandContext, args: Arguments): void {
  const { db, reply, server } = context;
  const ref = db.lookupRead(args, 1);
  if (ref === 0) return reply.integer(0);
  const bytes = hyperLogLogOf(context, ref);
  if (bytes === undefined) return;
  const kept = keptEstimate(bytes);
  if (kept !== undefined) return reply.integer(kept);
  const registers = new Uint8Array(REGISTERS);
  if (!unlessCorrupt(context, () => mergeRegisters(registers, bytes, false))) return;
  const estimate = estimateOf(registers);
  const { at, bytes: header } = estimateBytes(estimate);
  db.keyspace.writeString(ref, at, header, 0, header.length);
  server.dirty++;
  const { keyEvents } = server;
  if (keyEvents.active) keyEvents.touched(db, args.copy(1));
  reply.integer(estimate);
}

export const pfcount: CommandSpec = {
  name: 'pfcount',
  arity: -2,
  flags: ['readonly', 'may_replicate'],
  categories: ['hyperloglog'],
  keys: [
    {
      flags: ['RW', 'access'],
      notes: 'RW because it may change the internal representation of the key, and propagate to replicas',
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'range', lastKey: -1, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Estimates how many different elements HyperLogLogs have seen.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity:
      'O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute(context, args) {
    if (args.count === 2) return countOne(context, args);
    const registers = new Uint8Array(REGISTERS);
    for (let i = 1; i < args.count; i++) {
      const ref = context.db.lookupRead(args, i);
      if (ref === 0) continue;
      const bytes = hyperLogLogOf(context, ref);
      if (bytes === undefined) return;
      if (!unlessCorrupt(context, () => mergeRegisters(registers, bytes))) return;
    }
    context.reply.integer(estimateOf(registers));
  },
};
