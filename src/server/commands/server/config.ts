import type { CommandSpec } from '../command.ts';
import { configGet } from './config/get.ts';
import { configHelp } from './config/help.ts';
import { configResetStat } from './config/resetStat.ts';
import { configRewrite } from './config/rewrite.ts';
import { configSet } from './config/set.ts';

export const config: CommandSpec = {
  name: 'config',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about configuration.',
    since: '2.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [configGet, configHelp, configResetStat, configRewrite, configSet],
};
