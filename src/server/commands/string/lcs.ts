import { type Keyspace, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../errors.ts';
import type { Reply } from '../reply.ts';
import {
  type CommonSubsequence,
  commonSubsequence,
  commonSubsequenceLength,
  subsequenceBytes,
} from './commonSubsequence.ts';
import { bulkLengthMax } from './stringLength.ts';

/** What a cell of the table counts for against proto-max-bulk-len, as in Redis, though ours takes an eighth of a byte. */
const CELL_BYTES = 4;

const NOT_STRINGS = 'ERR The specified keys must contain string values';
const LENGTH_AND_INDEXES = 'ERR If you want both the length and indexes, please just use IDX.';
const TABLE_TOO_LARGE = 'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len';

interface LcsOptions {
  length: boolean;
  indexes: boolean;
  withMatchLength: boolean;
  matchLengthMin: number;
}

/** The options, or an error's text. */
function parseOptions(args: Arguments): LcsOptions | string {
  const options: LcsOptions = { length: false, indexes: false, withMatchLength: false, matchLengthMin: 0 };
  for (let index = 3; index < args.count; index++) {
    if (args.is(index, 'IDX')) options.indexes = true;
    else if (args.is(index, 'LEN')) options.length = true;
    else if (args.is(index, 'WITHMATCHLEN')) options.withMatchLength = true;
    else if (args.is(index, 'MINMATCHLEN') && index + 1 < args.count) {
      const length = args.int64(++index);
      if (length === undefined) return NOT_AN_INTEGER;
      options.matchLengthMin = Number(length);
    } else return SYNTAX_ERROR;
  }
  return options.length && options.indexes ? LENGTH_AND_INDEXES : options;
}

function replyIndexes(reply: Reply, found: CommonSubsequence, options: LcsOptions): void {
  const shown = found.ranges.filter((range) => range.aEnd - range.aStart + 1 >= options.matchLengthMin);
  reply.map(2);
  reply.bulkText('matches');
  reply.array(shown.length);
  for (const range of shown) {
    reply.array(options.withMatchLength ? 3 : 2);
    reply.array(2);
    reply.integer(range.aStart);
    reply.integer(range.aEnd);
    reply.array(2);
    reply.integer(range.bStart);
    reply.integer(range.bEnd);
    if (options.withMatchLength) reply.integer(range.aEnd - range.aStart + 1);
  }
  reply.bulkText('len');
  reply.integer(found.length);
}

const isOther = (keyspace: Keyspace, ref: Ref): boolean =>
  ref !== 0 && keyspace.type(ref) !== ValueType.string;

function execute(context: CommandContext, args: Arguments): void {
  const { db, reply } = context;
  // The second look-up may remove an expired entry, so the first ref is looked up anew afterwards.
  db.lookupRead(args, 1);
  const refB = db.lookupRead(args, 2);
  const refA = db.peek(args, 1);
  if (isOther(db.keyspace, refA) || isOther(db.keyspace, refB)) {
    reply.error(NOT_STRINGS);
    return;
  }
  const options = parseOptions(args);
  if (typeof options === 'string') {
    reply.error(options);
    return;
  }

  const lengthA = refA === 0 ? 0 : db.keyspace.stringLength(refA);
  const lengthB = refB === 0 ? 0 : db.keyspace.stringLength(refB);
  if ((lengthA + 1) * (lengthB + 1) * CELL_BYTES > bulkLengthMax(context)) {
    reply.error(TABLE_TOO_LARGE);
    return;
  }
  const a = refA === 0 ? new Uint8Array(0) : db.keyspace.stringView(refA);
  const b = refB === 0 ? new Uint8Array(0) : db.keyspace.stringView(refB);

  if (options.length) reply.integer(commonSubsequenceLength(a, b));
  else if (options.indexes) replyIndexes(reply, commonSubsequence(a, b), options);
  else reply.bulk(subsequenceBytes(a, commonSubsequence(a, b)));
}

export const lcs: CommandSpec = {
  name: 'lcs',
  arity: -3,
  flags: ['readonly'],
  categories: ['string'],
  keys: [
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'range', lastKey: 1, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Finds the longest common subsequence of two strings.',
    since: '7.0.0',
    group: 'string',
    complexity: 'O(N*M) where N and M are the lengths of the two strings',
    arguments: [
      { name: 'key1', type: 'key', keySpecIndex: 0 },
      { name: 'key2', type: 'key', keySpecIndex: 0 },
      { name: 'len', type: 'pure-token', token: 'LEN', flags: ['optional'] },
      { name: 'idx', type: 'pure-token', token: 'IDX', flags: ['optional'] },
      { name: 'min-match-len', type: 'integer', token: 'MINMATCHLEN', flags: ['optional'] },
      { name: 'withmatchlen', type: 'pure-token', token: 'WITHMATCHLEN', flags: ['optional'] },
    ],
  },
  execute,
};
