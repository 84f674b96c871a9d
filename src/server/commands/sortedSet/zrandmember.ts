import { INT64_MAX } from '../../../base/integer.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { OUT_OF_RANGE, SYNTAX_ERROR } from '../errors.ts';
import { readNegatable } from '../integers.ts';
import { replyMember } from './replyMember.ts';
import { readSortedSet } from './sortedSetLookup.ts';

/** Replies with repeats end here where no output limit is configured: a count in the billions would end the process instead. */
const REPEATED_REPLY_BYTES_MAX = 2 ** 30;
/** An empty bulk string, `$0` and two line ends. */
const BULK_BYTES_MIN = 6;

export const zrandmember: CommandSpec = {
  name: 'zrandmember',
  arity: -2,
  flags: ['readonly'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns members of a sorted set, drawn at random.',
    since: '6.2.0',
    group: 'sorted-set',
    complexity: 'O(N) where N is the number of members returned',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'options',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer' },
          { name: 'withscores', type: 'pure-token', token: 'WITHSCORES', flags: ['optional'] },
        ],
      },
    ],
  },
  execute(context, args) {
    const { client, reply, server } = context;
    const { rng } = server;
    if (args.count === 2) {
      const only = readSortedSet(context, args);
      if (only === null) return;
      if (only === undefined) return reply.nil();
      return only.visit(Math.floor(rng.float() * only.length), 1, false, (member) => {
        reply.bulk(member);
        return true;
      });
    }
    const asked = readNegatable(context, args, 2);
    if (asked === undefined) return;
    const withScores = args.count === 4 && args.is(3, 'WITHSCORES');
    if (args.count > 4 || (args.count === 4 && !withScores)) return reply.error(SYNTAX_ERROR);
    if (withScores && (asked < -(INT64_MAX / 2n) || asked > INT64_MAX / 2n)) return reply.error(OUT_OF_RANGE);
    const set = readSortedSet(context, args);
    if (set === null) return;
    if (set === undefined || asked === 0n) return reply.array(0);
    const flat = withScores && reply.protocol === 2 ? 2 : 1;
    const { length } = set;
    if (asked > 0n) {
      const count = Math.min(Number(asked), length);
      reply.array(count * flat);
      // Selection sampling (Knuth, algorithm S): places in order, each taken with the probability that just enough are.
      let taken = 0;
      let passed = 0;
      set.visit(0, length, false, (member, score) => {
        const isDrawn = rng.float() * (length - passed++) < count - taken;
        if (!isDrawn) return true;
        taken++;
        replyMember(reply, member, score, withScores);
        return taken < count;
      });
      return;
    }
    const draws = Number(-asked);
    reply.array(draws * flat);
    let bytesLeft =
      server.outputLimits.normal.hardBytes === 0
        ? REPEATED_REPLY_BYTES_MAX
        : server.outputLimits.normal.hardBytes;
    for (let i = 0; i < draws && bytesLeft >= 0; i++) {
      set.visit(Math.floor(rng.float() * length), 1, false, (member, score) => {
        replyMember(reply, member, score, withScores);
        bytesLeft -= BULK_BYTES_MIN + member.length;
        return true;
      });
    }
    // The array announced cannot be finished: as beyond any output limit, the connection goes.
    if (bytesLeft < 0) client.link.closeNow();
  },
};
