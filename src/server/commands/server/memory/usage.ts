import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../../errors.ts';

export const memoryUsage: CommandSpec = {
  name: 'usage',
  arity: -3,
  flags: ['readonly'],
  categories: [],
  keys: [keyAt(2, 'RO')],
  docs: {
    summary: 'Returns the bytes that a key and its value take.',
    since: '4.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of samples.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'count', type: 'integer', token: 'SAMPLES', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { db, reply } = context;
    for (let i = 3; i < args.count; i += 2) {
      if (!args.is(i, 'SAMPLES') || i + 1 >= args.count) return reply.error(SYNTAX_ERROR);
      // Values know their own size, so nothing is sampled; the number is only checked.
      const samples = args.int64(i + 1);
      if (samples === undefined) return reply.error(NOT_AN_INTEGER);
      if (samples < 0n) return reply.error(SYNTAX_ERROR);
    }
    const ref = db.peek(args, 2);
    if (ref === 0) reply.nil();
    else reply.integer(db.keyspace.entryMemoryBytes(ref));
  },
};
