/** The options that XADD and XTRIM share. */
import { ID_MIN, type StreamId } from '../../keyspace/value/stream/streamId.ts';
import type { Trim } from '../../keyspace/value/stream/streamValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { readId } from './streamLookup.ts';

const TILDE = 126;
const EQUALS = 61;
const STAR = 42;
const MINUS = 45;
/** Nodes' worth of entries that an approximate trim looks at by itself, and its bounds. */
const LIMIT_NODES = 100;
const LIMIT_DEFAULT = 10_000;
const LIMIT_MAX = 1_000_000;

export interface TrimOptions {
  /** Undefined if nothing is to be cut off. */
  readonly trim: Trim | undefined;
  /** XADD: whether a stream that does not exist is made. */
  readonly creates: boolean;
  /** XADD: where the id is. */
  readonly idIndex: number;
  /** XADD: the id given, if any; of `ms-*` the time, with `anySequence`. */
  readonly id: StreamId | undefined;
  readonly anySequence: boolean;
}

const isByte = (args: Arguments, index: number, byte: number): boolean =>
  args.length(index) === 1 && args.buffer[args.starts[index]!] === byte;

/** From argument 2 on; undefined once the error has been sent. */
export function readTrimOptions(
  context: CommandContext,
  args: Arguments,
  isAdd: boolean,
): TrimOptions | undefined {
  const { reply, server } = context;
  let by: Trim['by'] | undefined;
  let length = 0;
  let minId = ID_MIN;
  let isApproximate = false;
  let limit: number | undefined;
  let creates = true;
  let id: StreamId | undefined;
  let anySequence = false;
  let i = 2;
  for (; i < args.count; i++) {
    const more = args.count - 1 - i;
    if (isAdd && isByte(args, i, STAR)) break;
    const byLength = more > 0 && args.is(i, 'MAXLEN');
    if (byLength || (more > 0 && args.is(i, 'MINID'))) {
      if (by !== undefined) {
        reply.error('ERR syntax error, MAXLEN and MINID options at the same time are not compatible');
        return undefined;
      }
      by = byLength ? 'length' : 'id';
      isApproximate = more >= 2 && isByte(args, i + 1, TILDE);
      if (isApproximate || (more >= 2 && isByte(args, i + 1, EQUALS))) i++;
      i++;
      if (byLength) {
        const given = readInteger(context, args, i);
        if (given === undefined) return undefined;
        if (given < 0) {
          reply.error('ERR The MAXLEN argument must be >= 0.');
          return undefined;
        }
        length = given;
      } else {
        const given = readId(context, args, i);
        if (given === undefined) return undefined;
        minId = given;
      }
    } else if (more > 0 && args.is(i, 'LIMIT')) {
      limit = readInteger(context, args, ++i);
      if (limit === undefined) return undefined;
      if (limit < 0) {
        reply.error('ERR The LIMIT argument must be >= 0.');
        return undefined;
      }
    } else if (isAdd && args.is(i, 'NOMKSTREAM')) {
      creates = false;
    } else if (isAdd) {
      anySequence = endsInAnySequence(args, i);
      id = anySequence ? readTimeOnly(context, args, i) : readId(context, args, i);
      if (id === undefined) return undefined;
      break;
    } else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  const { isObeyed } = context.client;
  // Beside the length that was left Redis leaves LIMIT in its append-only file, and takes no notice of it there.
  const problem = problemOf(by, isObeyed ? undefined : limit, isApproximate, isAdd);
  if (problem !== undefined) {
    reply.error(problem);
    return undefined;
  }
  const bound = LIMIT_NODES * server.streamLimits.nodeEntriesMax;
  const ownLimit = isApproximate ? Math.min(bound > 0 ? bound : LIMIT_DEFAULT, LIMIT_MAX) : 0;
  const trim: Trim | undefined =
    by === undefined
      ? undefined
      : { by, length, id: minId, isApproximate, limit: isObeyed ? 0 : (limit ?? ownLimit) };
  return { trim, creates, idIndex: i, id, anySequence };
}

function problemOf(
  by: Trim['by'] | undefined,
  limit: number | undefined,
  isApproximate: boolean,
  isAdd: boolean,
): string | undefined {
  if (limit !== undefined && limit !== 0 && by === undefined)
    return 'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy';
  if (!isAdd && by === undefined) return 'ERR syntax error, XTRIM must be called with a trimming strategy';
  if (limit !== undefined && !isApproximate)
    return 'ERR syntax error, LIMIT cannot be used without the special ~ option';
  return undefined;
}

/** `ms-*` */
function endsInAnySequence(args: Arguments, index: number): boolean {
  const end = args.ends[index]!;
  const { buffer, starts } = args;
  return end - starts[index]! > 2 && buffer[end - 1] === STAR && buffer[end - 2] === MINUS;
}

function readTimeOnly(context: CommandContext, args: Arguments, index: number): StreamId | undefined {
  const end = args.ends[index]!;
  args.ends[index] = end - 2;
  const id = readId(context, args, index);
  args.ends[index] = end;
  return id;
}
