import { INT64_MAX } from '../../../../base/integer.ts';
import type { CommandSpec } from '../../command.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';

export const clientPause: CommandSpec = {
  name: 'pause',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Makes all clients, or those that write, wait for a time.',
    since: '3.0.0',
    group: 'connection',
    complexity: 'O(1)',
    history: [['6.2.0', 'Mode `WRITE`.']],
    arguments: [
      { name: 'timeout', type: 'integer' },
      {
        name: 'mode',
        type: 'oneof',
        since: '6.2.0',
        flags: ['optional'],
        arguments: [
          { name: 'write', type: 'pure-token', token: 'WRITE' },
          { name: 'all', type: 'pure-token', token: 'ALL' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    if (args.count > 4) return unknownSubcommand(context, args);
    const writesOnly = args.count === 4 && args.is(3, 'WRITE');
    if (args.count === 4 && !writesOnly && !args.is(3, 'ALL'))
      return reply.error('ERR CLIENT PAUSE mode must be WRITE or ALL');
    const durationMs = args.int64(2);
    if (durationMs === undefined) return reply.error('ERR timeout is not an integer or out of range');
    if (durationMs < 0n) return reply.error('ERR timeout is negative');
    const endMs = durationMs === 0n ? 0n : BigInt(Math.floor(context.nowMs)) + durationMs;
    if (endMs > INT64_MAX) return reply.error('ERR timeout is out of range');
    const { clients } = server;
    const isPaused = clients.pausedUntilMs > context.nowMs;
    // A pause in force is never weakened: the later end and the stricter kind stay.
    clients.pauseWritesOnly = writesOnly && (!isPaused || clients.pauseWritesOnly);
    clients.pausedUntilMs = Math.max(isPaused ? clients.pausedUntilMs : 0, Number(endMs));
    reply.ok();
  },
};
