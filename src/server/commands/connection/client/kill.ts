import type { CommandSpec } from '../../command.ts';
import { matchesKillFilter, readKillFilter } from './killFilter.ts';

export const clientKill: CommandSpec = {
  name: 'kill',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Closes connections that meet all the conditions given.',
    since: '2.4.0',
    group: 'connection',
    complexity: 'O(N) where N is the number of client connections',
    history: [
      ['2.8.12', 'Takes conditions as option and value.'],
      ['2.8.12', 'Condition `ID`.'],
      ['3.2.0', 'Kind `master` of condition `TYPE`.'],
      ['5.0.0', 'Kind `replica`, of which `slave` is the older name.'],
      ['6.2.0', 'Condition `LADDR`.'],
      ['7.4.0', 'Condition `MAXAGE`.'],
    ],
    arguments: [
      {
        name: 'filter',
        type: 'oneof',
        arguments: [
          { name: 'old-format', type: 'string', displayText: 'ip:port', deprecatedSince: '2.8.12' },
          {
            name: 'new-format',
            type: 'oneof',
            flags: ['multiple'],
            arguments: [
              { name: 'client-id', type: 'integer', token: 'ID', since: '2.8.12', flags: ['optional'] },
              {
                name: 'client-type',
                type: 'oneof',
                token: 'TYPE',
                since: '2.8.12',
                flags: ['optional'],
                arguments: [
                  { name: 'normal', type: 'pure-token', token: 'NORMAL' },
                  { name: 'master', type: 'pure-token', token: 'MASTER', since: '3.2.0' },
                  { name: 'slave', type: 'pure-token', token: 'SLAVE' },
                  { name: 'replica', type: 'pure-token', token: 'REPLICA', since: '5.0.0' },
                  { name: 'pubsub', type: 'pure-token', token: 'PUBSUB' },
                ],
              },
              { name: 'username', type: 'string', token: 'USER', flags: ['optional'] },
              { name: 'addr', type: 'string', displayText: 'ip:port', token: 'ADDR', flags: ['optional'] },
              {
                name: 'laddr',
                type: 'string',
                displayText: 'ip:port',
                token: 'LADDR',
                since: '6.2.0',
                flags: ['optional'],
              },
              {
                name: 'skipme',
                type: 'oneof',
                token: 'SKIPME',
                flags: ['optional'],
                arguments: [
                  { name: 'yes', type: 'pure-token', token: 'YES' },
                  { name: 'no', type: 'pure-token', token: 'NO' },
                ],
              },
              { name: 'maxage', type: 'integer', token: 'MAXAGE', since: '7.4.0', flags: ['optional'] },
            ],
          },
        ],
      },
    ],
  },
  execute(context, args) {
    const { client: self, reply, server } = context;
    const isOldForm = args.count === 3;
    const filter = readKillFilter(args, server.access.users);
    if (typeof filter === 'string') return reply.error(filter);
    let killed = 0;
    let killsSelf = false;
    for (const client of [...server.clients.all()]) {
      if (client.closing || !matchesKillFilter(filter, client, self, context.nowMs)) continue;
      killed++;
      if (client === self) killsSelf = true;
      else client.link.closeNow();
    }
    if (!isOldForm) reply.integer(killed);
    else if (killed === 0) reply.error('ERR No such client');
    else reply.ok();
    if (killsSelf) self.link.closeAfterReply();
  },
};
