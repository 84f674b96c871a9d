import type { CommandSpec } from '../command.ts';
import { aclCat } from './acl/cat.ts';
import { aclGenPass } from './acl/genPass.ts';
import { aclHelp } from './acl/help.ts';
import { aclList } from './acl/list.ts';
import { aclUsers } from './acl/users.ts';
import { aclWhoAmI } from './acl/whoAmI.ts';

export const acl: CommandSpec = {
  name: 'acl',
  arity: -2,
  flags: ['sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about users and their rights.',
    since: '6.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [aclCat, aclGenPass, aclHelp, aclList, aclUsers, aclWhoAmI],
};
