import type { CommandSpec } from '../command.ts';
import { aclCat } from './acl/cat.ts';
import { aclDelUser } from './acl/delUser.ts';
import { aclDryRun } from './acl/dryRun.ts';
import { aclGenPass } from './acl/genPass.ts';
import { aclGetUser } from './acl/getUser.ts';
import { aclHelp } from './acl/help.ts';
import { aclList } from './acl/list.ts';
import { aclLoad } from './acl/load.ts';
import { aclLog } from './acl/log.ts';
import { aclSave } from './acl/save.ts';
import { aclSetUser } from './acl/setUser.ts';
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
  subcommands: [
    aclCat,
    aclDelUser,
    aclDryRun,
    aclGenPass,
    aclGetUser,
    aclHelp,
    aclList,
    aclLoad,
    aclLog,
    aclSave,
    aclSetUser,
    aclUsers,
    aclWhoAmI,
  ],
};
