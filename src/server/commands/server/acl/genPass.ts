import type { CommandSpec } from '../../command.ts';
import { NOT_AN_INTEGER } from '../../errors.ts';
import { unknownSubcommand } from '../unknownSubcommand.ts';

const BITS_MAX = 4096n;

export const aclGenPass: CommandSpec = {
  name: 'genpass',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns a random password of the number of bits given.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(1)',
    arguments: [{ name: 'bits', type: 'integer', flags: ['optional'] }],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count > 3) return unknownSubcommand(context, args);
    const bits = args.count === 3 ? args.int64(2) : 256n;
    if (bits === undefined) return reply.error(NOT_AN_INTEGER);
    if (bits <= 0n || bits > BITS_MAX) {
      return reply.error(
        `ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${BITS_MAX}`,
      );
    }
    const digits = Math.ceil(Number(bits) / 4);
    let password = '';
    while (password.length < digits) password += context.server.rng.uint32().toString(16).padStart(8, '0');
    reply.bulkText(password.slice(0, digits));
  },
};
