import type { CommandSpec } from '../command.ts';
import { scriptDebug } from './script/debug.ts';
import { scriptExists } from './script/exists.ts';
import { scriptFlush } from './script/flush.ts';
import { scriptHelp } from './script/help.ts';
import { scriptKill } from './script/kill.ts';
import { scriptLoad } from './script/load.ts';

export const script: CommandSpec = {
  name: 'script',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about Lua scripts.',
    since: '2.6.0',
    group: 'scripting',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [scriptDebug, scriptExists, scriptFlush, scriptHelp, scriptKill, scriptLoad],
};
