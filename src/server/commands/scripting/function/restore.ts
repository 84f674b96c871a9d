import { hasValidFooter, restoreLibraries } from '../../../keyspace/serialization/dumpPayload.ts';
import type { CommandSpec } from '../../command.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';

export const functionRestore: CommandSpec = {
  name: 'restore',
  arity: -3,
  flags: ['noscript', 'write', 'denyoom'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Makes libraries of a payload.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(N) where N is the number of functions on the payload',
    arguments: [
      { name: 'serialized-value', type: 'string' },
      {
        name: 'policy',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'flush', type: 'pure-token', token: 'FLUSH' },
          { name: 'append', type: 'pure-token', token: 'APPEND' },
          { name: 'replace', type: 'pure-token', token: 'REPLACE' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    if (args.count > 4) return unknownSubcommand(context, args);
    const policy = args.count === 4 ? args.text(3).toLowerCase() : 'append';
    if (policy !== 'append' && policy !== 'replace' && policy !== 'flush')
      return reply.error('ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.');
    const start = args.starts[2]!;
    const end = args.ends[2]!;
    if (!hasValidFooter(args.buffer, start, end))
      return reply.error('ERR DUMP payload version or checksum are wrong');
    const codes = restoreLibraries(args.buffer, start, end);
    const problem = typeof codes === 'string' ? codes : server.functions.restore(codes, policy);
    if (problem !== undefined) return reply.error(`ERR ${problem}`);
    server.dirty++;
    reply.ok();
  },
};
