import type { AccessLogEntry } from '../../../access/accessLog.ts';
import type { CommandSpec } from '../../command.ts';
import { NOT_AN_INTEGER } from '../../errors.ts';
import type { Reply } from '../../reply.ts';
import { unknownSubcommand } from '../unknownSubcommand.ts';

/** Shown if no number is given. */
export const ENTRIES_SHOWN = 10;

function show(reply: Reply, entry: AccessLogEntry, nowMs: number): void {
  const text = (name: string, value: string): void => {
    reply.bulkText(name);
    reply.bulkText(value);
  };
  const integer = (name: string, value: number): void => {
    reply.bulkText(name);
    reply.integer(value);
  };
  reply.map(10);
  integer('count', entry.count);
  text('reason', entry.reason);
  text('context', entry.context);
  text('object', entry.object);
  text('username', entry.userName);
  reply.bulkText('age-seconds');
  reply.double((nowMs - entry.updatedMs) / 1000);
  text('client-info', entry.clientLine);
  integer('entry-id', entry.id);
  integer('timestamp-created', entry.createdMs);
  integer('timestamp-last-updated', entry.updatedMs);
}

export const aclLog: CommandSpec = {
  name: 'log',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns or forgets what was refused for lack of rights.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N) with N being the number of entries shown.',
    history: [['7.2.0', 'Entries have an id, and the times of their first and last refusal.']],
    arguments: [
      {
        name: 'operation',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer' },
          { name: 'reset', type: 'pure-token', token: 'RESET' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { nowMs, reply, server } = context;
    if (args.count > 3) return unknownSubcommand(context, args);
    const { log } = server.access;
    if (args.count === 3 && args.is(2, 'RESET')) {
      log.clear();
      return reply.ok();
    }
    const asked = args.count === 3 ? args.int64(2) : BigInt(ENTRIES_SHOWN);
    if (asked === undefined) return reply.error(NOT_AN_INTEGER);
    const entries = log.entries.slice(0, Math.max(0, Number(asked)));
    reply.array(entries.length);
    for (const entry of entries) show(reply, entry, nowMs);
  },
};
