import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { hyperLogLogOf, unlessCorrupt } from './hllLookup.ts';
import { denseRegister, isDense, REGISTERS, toDense, writtenRuns } from './hyperLogLog.ts';

const describeRun = ({ length, size, value }: { length: number; size: number; value: number }): string =>
  value > 0 ? `v:${value},${length}` : `${size === 2 ? 'Z' : 'z'}:${length}`;

export const pfdebug: CommandSpec = {
  name: 'pfdebug',
  arity: 3,
  flags: ['write', 'denyoom', 'admin'],
  categories: ['hyperloglog'],
  keys: [keyAt(2, 'RW', 'access')],
  docs: {
    summary: 'Looks into a HyperLogLog: for tests.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'N/A',
    systemCommand: true,
    arguments: [
      { name: 'subcommand', type: 'string' },
      { name: 'key', type: 'key', keySpecIndex: 0 },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupRead(args, 2);
    if (ref === 0) return reply.error('ERR The specified key does not exist');
    const bytes = hyperLogLogOf(context, ref);
    if (bytes === undefined) return;
    const isKnown = ['GETREG', 'DECODE', 'ENCODING', 'TODENSE'].some((word) => args.is(1, word));
    if (!isKnown) return reply.error(`ERR Unknown PFDEBUG subcommand '${args.text(1)}'`);
    if (args.count !== 3)
      return reply.error(`ERR Wrong number of arguments for the '${args.text(1)}' subcommand`);
    if (args.is(1, 'ENCODING')) return reply.simple(isDense(bytes) ? 'dense' : 'sparse');
    if (args.is(1, 'DECODE')) {
      if (isDense(bytes)) return reply.error('ERR HLL encoding is not sparse');
      return reply.bulkText([...writtenRuns(bytes)].map(describeRun).join(' '));
    }
    let dense = bytes;
    const isSound = unlessCorrupt(context, () => {
      dense = toDense(bytes);
    });
    if (!isSound) return;
    const changes = dense !== bytes;
    if (changes) {
      db.keyspace.replaceString(ref, dense, 0, dense.length, true);
      server.dirty++;
    }
    if (args.is(1, 'TODENSE')) return reply.integer(changes ? 1 : 0);
    reply.array(REGISTERS);
    for (let i = 0; i < REGISTERS; i++) reply.integer(denseRegister(dense, i));
  },
};
