/** Looking keys up and reading arguments the way several generic commands do. */
import { equalBytes } from '../../../base/bytes.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Ref } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { DB_INDEX_OUT_OF_RANGE, NOT_AN_INTEGER } from '../errors.ts';

/** For commands that ask about a key without using its value (EXISTS, TTL, TYPE): hits and misses count, nothing is touched. */
export function readUntouched(context: CommandContext, args: Arguments, index: number): Ref {
  const ref = context.db.peek(args, index);
  if (ref === 0) context.server.stats.keyspaceMisses++;
  else context.server.stats.keyspaceHits++;
  return ref;
}

export const sameKey = (args: Arguments, a: number, b: number): boolean =>
  equalBytes(args.buffer, args.starts[a]!, args.ends[a]!, args.buffer, args.starts[b]!, args.ends[b]!);

const INT_MIN = -2147483648n;
const INT_MAX = 2147483647n;
const NOT_AN_INT = `ERR value is out of range, value must between ${INT_MIN} and ${INT_MAX}`;

/** The database that argument `index` names; undefined once the error has been sent. */
export function namedDatabase(context: CommandContext, args: Arguments, index: number): Database | undefined {
  const { reply, server } = context;
  const number = args.int64(index);
  if (number === undefined) reply.error(NOT_AN_INTEGER);
  else if (number < INT_MIN || number > INT_MAX) reply.error(NOT_AN_INT);
  else {
    const database = server.databases[Number(number)];
    if (database === undefined) reply.error(DB_INDEX_OUT_OF_RANGE);
    return database;
  }
  return undefined;
}
