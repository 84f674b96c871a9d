import { toLatin1 } from '../../../base/bytes.ts';
import { REDIS_VERSION_COMPATIBLE } from '../../serverState.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { WRONG_PASSWORD } from '../errors.ts';
import { NAME_REFUSED, nameAt } from './client/names.ts';

const NOT_AUTHENTICATED =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time';

/** Argument indices, 0 where an option was not given; or the error. */
function readOptions(args: Arguments): { userIndex: number; nameIndex: number } | string {
  let userIndex = 0;
  let nameIndex = 0;
  for (let i = 2; i < args.count; i++) {
    const following = args.count - 1 - i;
    if (args.is(i, 'AUTH') && following >= 2) {
      userIndex = i + 1;
      i += 2;
    } else if (args.is(i, 'SETNAME') && following >= 1) {
      nameIndex = ++i;
      if (nameAt(args, nameIndex) === undefined) return NAME_REFUSED;
    } else {
      return `ERR Syntax error in HELLO option '${args.text(i)}'`;
    }
  }
  return { userIndex, nameIndex };
}

function describeServer({ client, reply }: CommandContext): void {
  reply.map(7);
  reply.bulkText('server');
  reply.bulkText('redis');
  reply.bulkText('version');
  reply.bulkText(REDIS_VERSION_COMPATIBLE);
  reply.bulkText('proto');
  reply.integer(client.protocol);
  reply.bulkText('id');
  reply.integer(client.id);
  reply.bulkText('mode');
  reply.bulkText('standalone');
  reply.bulkText('role');
  reply.bulkText('master');
  reply.bulkText('modules');
  reply.array(0);
}

export const hello: CommandSpec = {
  name: 'hello',
  arity: -1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'sentinel', 'allow_busy'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary:
      'Negotiates the protocol version, optionally authenticating and naming the connection, and describes the server.',
    since: '6.0.0',
    group: 'connection',
    complexity: 'O(1)',
    history: [['6.2.0', 'The version may be left out, which only asks for the description.']],
    arguments: [
      {
        name: 'arguments',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'protover', type: 'integer' },
          {
            name: 'auth',
            type: 'block',
            token: 'AUTH',
            flags: ['optional'],
            arguments: [
              { name: 'username', type: 'string' },
              { name: 'password', type: 'string' },
            ],
          },
          { name: 'clientname', type: 'string', token: 'SETNAME', flags: ['optional'] },
        ],
      },
    ],
  },
  execute(context, args) {
    const { client, reply, server } = context;
    let version: bigint | undefined = 0n;
    if (args.count >= 2) {
      version = args.int64(1);
      if (version === undefined) return reply.error('ERR Protocol version is not an integer or out of range');
      if (version < 2n || version > 3n) return reply.error('NOPROTO unsupported protocol version');
    }
    const options = readOptions(args);
    if (typeof options === 'string') return reply.error(options);
    if (options.userIndex > 0) {
      const name = toLatin1(args.view(options.userIndex));
      const password = args.view(options.userIndex + 1);
      if (!server.access.login(client, name, password, args.text(0))) return reply.error(WRONG_PASSWORD);
    }
    if (!client.hasLoggedIn) return reply.error(NOT_AUTHENTICATED);
    if (options.nameIndex > 0) client.name = args.text(options.nameIndex);
    if (version !== 0n) {
      client.protocol = version === 3n ? 3 : 2;
      // This reply already speaks the new version.
      (reply as { protocol: number }).protocol = client.protocol;
    }
    describeServer(context);
  },
};
