import { INT64_MAX } from '../../../base/integer.ts';
import type { FieldRef } from '../../keyspace/value/hashValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { OUT_OF_RANGE, SYNTAX_ERROR } from '../errors.ts';
import { readNegatable } from '../integers.ts';
import { replyField, replyValue } from './fieldReply.ts';
import { expireAllFields, readHash } from './hashLookup.ts';
import { drawDistinct, drawWithRepeats } from './randomFields.ts';

/** Replies with repeats end here where no output limit is configured: a count in the billions would end the process instead. */
const REPEATED_REPLY_BYTES_MAX = 2 ** 30;
/** An empty bulk string, `$0` and two line ends. */
const BULK_BYTES_MIN = 6;

/** The count at argument 2, or undefined if an error has been sent. Twice the count must fit 64 bits where pairs are wanted. */
function readCount(context: CommandContext, args: Arguments): bigint | undefined {
  const { reply } = context;
  const count = readNegatable(context, args, 2);
  if (count === undefined) return undefined;
  if (args.count > 4 || (args.count === 4 && !args.is(3, 'WITHVALUES'))) {
    reply.error(SYNTAX_ERROR);
  } else if (args.count === 4 && (count < -(INT64_MAX / 2n) || count > INT64_MAX / 2n)) {
    reply.error(OUT_OF_RANGE);
  } else {
    return count;
  }
  return undefined;
}

function replyOne(context: CommandContext, args: Arguments): void {
  const { reply } = context;
  const hash = readHash(context, args);
  if (hash === null) return;
  if (hash === undefined || expireAllFields(context, args, hash)) reply.nil();
  else replyField(reply, hash, hash.random(context.server.rng));
}

function replyMany(context: CommandContext, args: Arguments, countSigned: bigint, withValues: boolean): void {
  const { client, reply, server } = context;
  const hash = readHash(context, args);
  if (hash === null) return;
  if (hash === undefined || expireAllFields(context, args, hash) || countSigned === 0n) {
    reply.array(0);
    return;
  }
  const nested = withValues && reply.protocol > 2;
  const flat = withValues && !nested ? 2 : 1;
  const visit = (ref: FieldRef): void => {
    if (nested) reply.array(2);
    replyField(reply, hash, ref);
    if (withValues) replyValue(reply, hash, ref);
  };
  const count = Number(countSigned);
  if (count < 0 || count === 1) {
    const draws = Math.abs(count);
    reply.array(draws * flat);
    let bytesLeft =
      server.outputLimits.normal.hardBytes === 0
        ? REPEATED_REPLY_BYTES_MAX
        : server.outputLimits.normal.hardBytes;
    drawWithRepeats(hash, draws, server.rng, (ref) => {
      visit(ref);
      bytesLeft -= BULK_BYTES_MIN + hash.fieldLength(ref) + (withValues ? hash.valueLength(ref) : 0);
      return bytesLeft >= 0;
    });
    // The array announced cannot be finished: as beyond any output limit, the connection goes.
    if (bytesLeft < 0) client.link.closeNow();
    return;
  }
  reply.array(Math.min(count, hash.length) * flat);
  if (count >= hash.length) hash.visit(visit);
  else drawDistinct(hash, count, server.rng, visit);
}

export const hrandfield: CommandSpec = {
  name: 'hrandfield',
  arity: -2,
  flags: ['readonly'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns one or more fields of a hash, drawn at random.',
    since: '6.2.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields returned',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'options',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer' },
          { name: 'withvalues', type: 'pure-token', token: 'WITHVALUES', flags: ['optional'] },
        ],
      },
    ],
  },
  execute(context, args) {
    if (args.count < 3) {
      replyOne(context, args);
      return;
    }
    const count = readCount(context, args);
    if (count !== undefined) replyMany(context, args, count, args.count === 4);
  },
};
