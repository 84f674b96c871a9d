import { fromLatin1 } from '../../../base/bytes.ts';
import { formatDouble, formatPrecise } from '../../../base/double.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { INVALID_CURSOR } from '../errors.ts';
import { parseScanCursor, parseScanOptions, scanMatches } from '../generic/scanOptions.ts';
import { readSortedSet } from './sortedSetLookup.ts';

export const zscan: CommandSpec = {
  name: 'zscan',
  arity: -3,
  flags: ['readonly'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Walks through the members and scores of a sorted set, some at a time.',
    since: '2.8.0',
    group: 'sorted-set',
    complexity:
      'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'cursor', type: 'integer' },
      { name: 'pattern', type: 'pattern', token: 'MATCH', flags: ['optional'] },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const cursor = parseScanCursor(args, 2);
    if (Number.isNaN(cursor)) return reply.error(INVALID_CURSOR);
    const set = readSortedSet(context, args);
    if (set === null) return;
    if (set === undefined) {
      reply.array(2);
      reply.bulkText('0');
      return reply.array(0);
    }
    const options = parseScanOptions(args, 3, 'members', reply);
    if (options === undefined) return;
    const found: Uint8Array[] = [];
    // Redis prints the scores of a skip list with more digits than those of a listpack.
    const scoreText = set.isPacked ? formatDouble : formatPrecise;
    const next = set.scan(cursor, options.count, (member, score) => {
      if (scanMatches(options, args, member, 0, member.length))
        found.push(Uint8Array.from(member), fromLatin1(scoreText(score)));
    });
    reply.array(2);
    reply.bulkText(String(next));
    reply.array(found.length);
    for (const each of found) reply.bulk(each);
  },
};
