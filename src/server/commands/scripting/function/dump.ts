import { dumpLibraries } from '../../../keyspace/serialization/dumpPayload.ts';
import type { CommandSpec } from '../../command.ts';

export const functionDump: CommandSpec = {
  name: 'dump',
  arity: 2,
  flags: ['noscript'],
  categories: ['scripting'],
  keys: [],
  docs: {
    summary: 'Returns all libraries as one payload.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(N) where N is the number of functions',
  },
  execute(context) {
    const { reply, server } = context;
    const codes = Array.from(server.functions.libraries(), ({ code }) => code);
    reply.bulk(dumpLibraries(codes, server.configuration.flag('rdbcompression')));
  },
};
