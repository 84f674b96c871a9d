import { fromLatin1 } from '../../../base/bytes.ts';
import type { CommandSpec } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { authenticate, WRONG_PASSWORD } from './authentication.ts';

const DEFAULT_USER = fromLatin1('default');
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
    const { reply } = context;
    if (args.count > 3) return reply.error(SYNTAX_ERROR);
    if (args.count === 2 && context.server.configuration.text('requirepass') === '')
      return reply.error(NO_PASSWORD_SET);
    const user = args.count === 2 ? DEFAULT_USER : args.view(1);
    if (authenticate(context, user, args.view(args.count - 1))) reply.ok();
    else reply.error(WRONG_PASSWORD);
  },
};
