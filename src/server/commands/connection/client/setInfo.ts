import type { CommandSpec } from '../../command.ts';
import { nameAt } from './names.ts';

export const clientSetInfo: CommandSpec = {
  name: 'setinfo',
  arity: 4,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: "Records the name or version of the client's library.",
    since: '7.2.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [
      {
        name: 'attr',
        type: 'oneof',
        arguments: [
          { name: 'libname', type: 'string', token: 'LIB-NAME' },
          { name: 'libver', type: 'string', token: 'LIB-VER' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { client, reply } = context;
    const isName = args.is(2, 'LIB-NAME');
    if (!isName && !args.is(2, 'LIB-VER')) return reply.error(`ERR Unrecognized option '${args.text(2)}'`);
    const value = nameAt(args, 3);
    if (value === undefined) {
      return reply.error(`ERR ${args.text(2)} cannot contain spaces, newlines or special characters.`);
    }
    if (isName) client.libraryName = value;
    else client.libraryVersion = value;
    reply.ok();
  },
};
