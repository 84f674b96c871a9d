import type { CommandSpec } from '../command.ts';
import { DB_INDEX_OUT_OF_RANGE, NOT_AN_INTEGER } from '../errors.ts';

const INT32_MIN = -2147483648n;
const INT32_MAX = 2147483647n;

export const select: CommandSpec = {
  name: 'select',
  arity: 2,
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Switches the connection to another database.',
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [{ name: 'index', type: 'integer' }],
  },
  execute(context, args) {
    const { client, reply, server } = context;
    const index = args.int64(1);
    if (index === undefined) return reply.error(NOT_AN_INTEGER);
    if (index < INT32_MIN || index > INT32_MAX) {
      return reply.error(`ERR value is out of range, value must between ${INT32_MIN} and ${INT32_MAX}`);
    }
    if (index < 0n || index >= server.databases.length) return reply.error(DB_INDEX_OUT_OF_RANGE);
    client.dbIndex = Number(index);
    reply.ok();
  },
};
