import { toLatin1 } from '../../../base/bytes.ts';
import { DEFAULT_USER } from '../../access/users.ts';
import type { CommandSpec } from '../command.ts';
import { SYNTAX_ERROR, WRONG_PASSWORD } from '../errors.ts';

const NO_PASSWORD_SET =
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?';

export const auth: CommandSpec = {
  name: 'auth',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'sentinel', 'allow_busy'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: "Authenticates the connection with a password, or a user's name and password.",
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(N) where N is the number of passwords defined for the user',
    history: [['6.0.0', "Takes a user's name before the password."]],
    arguments: [
      { name: 'username', type: 'string', since: '6.0.0', flags: ['optional'] },
      { name: 'password', type: 'string' },
    ],
  },
  execute(context, args) {
    const { client, reply, server } = context;
    const { access } = server;
    if (args.count > 3) return reply.error(SYNTAX_ERROR);
    if (args.count === 2 && access.users.defaultUser.needsNoPassword) return reply.error(NO_PASSWORD_SET);
    const user = args.count === 2 ? DEFAULT_USER : toLatin1(args.view(1));
    if (access.login(client, user, args.view(args.count - 1), args.text(0))) reply.ok();
    else reply.error(WRONG_PASSWORD);
  },
};
