import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readNegatable } from '../integers.ts';
import { drawDistinct } from './randomMembers.ts';
import { readSet } from './setLookup.ts';

/** Replies with repeats end here where no output limit is configured: a count in the billions would end the process instead. */
const REPEATED_REPLY_BYTES_MAX = 2 ** 30;
/** An empty bulk string, `$0` and two line ends. */
const BULK_BYTES_MIN = 6;

export const srandmember: CommandSpec = {
  name: 'srandmember',
  arity: -2,
  flags: ['readonly'],
  categories: ['set'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns members of a set, drawn at random.',
    since: '1.0.0',
    group: 'set',
    complexity:
      'Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.',
    history: [['2.6.0', 'The argument `count`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'count', type: 'integer', since: '2.6.0', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { client, reply, server } = context;
    if (args.count > 3) return reply.error(SYNTAX_ERROR);
    if (args.count === 2) {
      const only = readSet(context, args);
      if (only === null) return;
      return only === undefined ? reply.nil() : reply.bulk(only.random(server.rng));
    }
    const asked = readNegatable(context, args, 2);
    if (asked === undefined) return;
    const set = readSet(context, args);
    if (set === null) return;
    if (set === undefined || asked === 0n) return reply.array(0);
    if (asked > 0n) {
      const members = drawDistinct(set, Number(asked), server.rng);
      reply.array(members.length);
      for (const member of members) reply.bulk(member);
      return;
    }
    const draws = Number(-asked);
    reply.array(draws);
    let bytesLeft =
      server.outputLimits.normal.hardBytes === 0
        ? REPEATED_REPLY_BYTES_MAX
        : server.outputLimits.normal.hardBytes;
    for (let i = 0; i < draws && bytesLeft >= 0; i++) {
      const member = set.random(server.rng);
      reply.bulk(member);
      bytesLeft -= BULK_BYTES_MIN + member.length;
    }
    // The array announced cannot be finished: as beyond any output limit, the connection goes.
    if (bytesLeft < 0) client.link.closeNow();
  },
};
