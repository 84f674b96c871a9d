import type { CommandSpec } from '../command.ts';
import { DB_INDEX_OUT_OF_RANGE } from '../errors.ts';

const isInt = (value: bigint | undefined): boolean =>
  value !== undefined && value >= -2147483648n && value <= 2147483647n;

export const swapdb: CommandSpec = {
  name: 'swapdb',
  arity: 3,
  flags: ['write', 'fast'],
  categories: ['keyspace', 'dangerous'],
  keys: [],
  docs: {
    summary: 'Exchanges the contents of two databases, visibly to all clients at once.',
    since: '4.0.0',
    group: 'server',
    complexity: 'O(N) where N is the count of clients watching or blocking on keys from both databases.',
    arguments: [
      { name: 'index1', type: 'integer' },
      { name: 'index2', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    const first = args.int64(1);
    if (!isInt(first)) {
      reply.error('ERR invalid first DB index');
      return;
    }
    const second = args.int64(2);
    if (!isInt(second)) {
      reply.error('ERR invalid second DB index');
      return;
    }
    const a = server.databases[Number(first)];
    const b = server.databases[Number(second)];
    if (a === undefined || b === undefined) {
      reply.error(DB_INDEX_OUT_OF_RANGE);
      return;
    }
    a.swapContents(b);
    server.dirty++;
    reply.ok();
  },
};
