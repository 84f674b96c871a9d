import type { CommandSpec } from '../../command.ts';
import { SYNTAX_ERROR } from '../../errors.ts';

export const clientCaching: CommandSpec = {
  name: 'caching',
  arity: 3,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Says whether the keys of the next command are to be tracked.',
    since: '6.0.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [
      {
        name: 'mode',
        type: 'oneof',
        arguments: [
          { name: 'yes', type: 'pure-token', token: 'YES' },
          { name: 'no', type: 'pure-token', token: 'NO' },
        ],
      },
    ],
  },
  execute({ client, reply }, args) {
    const { tracking } = client;
    if (tracking === undefined)
      return reply.error(
        'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
      );
    const isYes = args.is(2, 'YES');
    if (!isYes && !args.is(2, 'NO')) return reply.error(SYNTAX_ERROR);
    if (tracking.mode !== (isYes ? 'optin' : 'optout'))
      return reply.error(
        isYes
          ? 'ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.'
          : 'ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.',
      );
    tracking.isCachingSaid = true;
    reply.ok();
  },
};
