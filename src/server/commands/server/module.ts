import type { CommandSpec } from '../command.ts';
import { moduleHelp } from './module/help.ts';
import { moduleList } from './module/list.ts';

export const module: CommandSpec = {
  name: 'module',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about modules.',
    since: '4.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [moduleHelp, moduleList],
};
