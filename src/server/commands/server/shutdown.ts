import type { CommandSpec } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

const OPTIONS = new Set(['SAVE', 'NOSAVE', 'NOW', 'FORCE', 'ABORT']);

const FAILED = 'ERR Errors trying to SHUTDOWN. Check logs.';

export const shutdown: CommandSpec = {
  name: 'shutdown',
  arity: -1,
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'sentinel', 'allow_busy'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Ends the server.',
    since: '1.0.0',
    group: 'server',
    complexity:
      'O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)',
    history: [['7.0.0', 'Options `NOW`, `FORCE` and `ABORT`.']],
    arguments: [
      {
        name: 'save-selector',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'nosave', type: 'pure-token', token: 'NOSAVE' },
          { name: 'save', type: 'pure-token', token: 'SAVE' },
        ],
      },
      { name: 'now', type: 'pure-token', token: 'NOW', since: '7.0.0', flags: ['optional'] },
      { name: 'force', type: 'pure-token', token: 'FORCE', since: '7.0.0', flags: ['optional'] },
      { name: 'abort', type: 'pure-token', token: 'ABORT', since: '7.0.0', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    const given = new Set<string>();
    for (let i = 1; i < args.count; i++) {
      const option = args.text(i).toUpperCase();
      if (!OPTIONS.has(option)) return reply.error(SYNTAX_ERROR);
      given.add(option);
    }
    const contradicts = given.has('SAVE') && given.has('NOSAVE');
    if (contradicts || (given.has('ABORT') && given.size > 1)) return reply.error(SYNTAX_ERROR);
    // A shutdown is over in the turn that began it, so there is never one to abort.
    if (given.has('ABORT')) return reply.error('ERR No shutdown in progress.');
    server.log.write('notice', 'User requested shutdown...');
    const { persistence } = server;
    const saves = given.has('SAVE') || (!given.has('NOSAVE') && persistence.hasSavePoints);
    if (given.has('SAVE') && persistence.unavailable !== undefined && !given.has('FORCE')) {
      server.log.write('warning', `SHUTDOWN SAVE refused: ${persistence.unavailable}.`);
      return reply.error(FAILED);
    }
    if (!persistence.saveAtEnd(saves) && !given.has('FORCE')) return reply.error(FAILED);
    // What somebody else wrote now would be lost.
    server.refuseWrites('ERR the server is shutting down');
    // What follows in the pipeline is not run: in Redis the process is gone by then.
    context.client.link.closeAfterReply();
    server.isShuttingDown = true;
    server.shutdown();
  },
};
