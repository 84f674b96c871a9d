import type { Client } from '../../../clients/client.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext, CommandSpec } from '../../command.ts';
import { SYNTAX_ERROR } from '../../errors.ts';
import { clientKind, clientKindNamed } from './clientKind.ts';
import { clientLine } from './clientLine.ts';

/** The clients asked for, or the error. */
function choose(context: CommandContext, args: Arguments): Client[] | string {
  const { clients } = context.server;
  const open = [...clients.all()].filter((client) => !client.closing);
  if (args.count === 2) return open;
  if (args.count === 4 && args.is(2, 'TYPE')) {
    const kind = clientKindNamed(args.text(3));
    if (kind === undefined) return `ERR Unknown client type '${args.text(3)}'`;
    return open.filter((client) => clientKind(client) === kind);
  }
  if (args.count < 4 || !args.is(2, 'ID')) return SYNTAX_ERROR;
  // Each at most once, however often it was named: millions of ids must not make a reply of gigabytes.
  const chosen = new Set<Client>();
  for (let i = 3; i < args.count; i++) {
    const id = args.int64(i);
    if (id === undefined) return 'ERR Invalid client ID';
    const client = clients.get(Number(id));
    if (client !== undefined && !client.closing) chosen.add(client);
  }
  return [...chosen];
}

export const clientList: CommandSpec = {
  name: 'list',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Describes the open connections, one line each.',
    since: '2.4.0',
    group: 'connection',
    complexity: 'O(N) where N is the number of client connections',
    history: [
      ['2.8.12', 'Field `id`.'],
      ['5.0.0', 'Filter `TYPE`.'],
      ['6.0.0', 'Field `user`.'],
      ['6.2.0', 'Fields `argv-mem`, `tot-mem`, `laddr` and `redir`, and filter `ID`.'],
      ['7.0.0', 'Fields `resp`, `multi-mem`, `rbs` and `rbp`.'],
      ['7.0.3', 'Field `ssub`.'],
    ],
    arguments: [
      {
        name: 'client-type',
        type: 'oneof',
        token: 'TYPE',
        since: '5.0.0',
        flags: ['optional'],
        arguments: [
          { name: 'normal', type: 'pure-token', token: 'NORMAL' },
          { name: 'master', type: 'pure-token', token: 'MASTER' },
          { name: 'replica', type: 'pure-token', token: 'REPLICA' },
          { name: 'pubsub', type: 'pure-token', token: 'PUBSUB' },
        ],
      },
      { name: 'client-id', type: 'integer', token: 'ID', since: '6.2.0', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    const chosen = choose(context, args);
    if (typeof chosen === 'string') return context.reply.error(chosen);
    let text = '';
    for (const client of chosen) text += `${clientLine(client, context.server.clients, context.nowMs)}\n`;
    context.reply.verbatim(text, 'txt');
  },
};
