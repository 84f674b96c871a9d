import type { FieldRef, HashValue } from '../../keyspace/value/hashValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { INVALID_CURSOR } from '../errors.ts';
import { parseScanCursor, parseScanOptions, type ScanOptions, scanMatches } from '../generic/scanOptions.ts';
import { replyField, replyValue } from './fieldReply.ts';
import { readHash } from './hashLookup.ts';

/** Whether the field passes MATCH, looked at in place where it is small. */
function fieldMatches(options: ScanOptions, args: Arguments, hash: HashValue, ref: FieldRef): boolean {
  if (!options.filters) return true;
  const { small } = hash;
  if (small !== undefined) {
    return scanMatches(options, args, small.fieldBytes(ref), small.fieldStart(ref), small.fieldEnd(ref));
  }
  const field = hash.fieldView(ref);
  return scanMatches(options, args, field, 0, field.length);
}

export const hscan: CommandSpec = {
  name: 'hscan',
  arity: -3,
  flags: ['readonly'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Walks through the fields and values of a hash, some at a time.',
    since: '2.8.0',
    group: 'hash',
    complexity:
      'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'cursor', type: 'integer' },
      { name: 'pattern', type: 'pattern', token: 'MATCH', flags: ['optional'] },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      { name: 'novalues', type: 'pure-token', token: 'NOVALUES', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { nowMs, reply } = context;
    const cursor = parseScanCursor(args, 2);
    if (Number.isNaN(cursor)) {
      reply.error(INVALID_CURSOR);
      return;
    }
    const hash = readHash(context, args);
    if (hash === null) return;
    if (hash === undefined) {
      reply.array(2);
      reply.bulkText('0');
      reply.array(0);
      return;
    }
    const options = parseScanOptions(args, 3, 'hash', reply);
    if (options === undefined) return;
    const found: FieldRef[] = [];
    const next = hash.scan(cursor, options.count, (ref) => {
      if (hash.isExpired(ref, nowMs) || !fieldMatches(options, args, hash, ref)) return;
      found.push(ref);
    });
    reply.array(2);
    reply.bulkText(String(next));
    reply.array(options.noValues ? found.length : found.length * 2);
    for (const ref of found) {
      replyField(reply, hash, ref);
      if (!options.noValues) replyValue(reply, hash, ref);
    }
  },
};
