import { TEXT_BYTES_MAX } from '../../arguments.ts';
import type { CommandSpec } from '../../command.ts';
import { SYNTAX_ERROR } from '../../errors.ts';
import { isProtectedActionAllowed } from '../protectedAction.ts';

export const configSet: CommandSpec = {
  name: 'set',
  arity: -4,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Changes configuration parameters, all of those given or none.',
    since: '2.0.0',
    group: 'server',
    complexity: 'O(N) when N is the number of configuration parameters provided',
    history: [['7.0.0', 'Takes several parameters.']],
    arguments: [
      {
        name: 'data',
        type: 'block',
        flags: ['multiple'],
        arguments: [
          { name: 'parameter', type: 'string' },
          { name: 'value', type: 'string' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count % 2 !== 0) return reply.error(SYNTAX_ERROR);
    for (let i = 2; i < args.count; i++) {
      if (args.length(i) > TEXT_BYTES_MAX) return reply.error('ERR CONFIG SET failed - argument is too long');
    }
    const pairs: [string, string][] = [];
    for (let i = 2; i < args.count; i += 2) pairs.push([args.text(i), args.text(i + 1)]);
    const mayChangeProtected = isProtectedActionAllowed(context, 'enable-protected-configs');
    const problem = context.server.configuration.setAll(pairs, mayChangeProtected);
    if (problem === undefined) reply.ok();
    else reply.error(problem);
  },
};
