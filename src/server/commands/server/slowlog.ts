import type { CommandSpec } from '../command.ts';
import { slowlogGet } from './slowlog/get.ts';
import { slowlogHelp } from './slowlog/help.ts';
import { slowlogLen } from './slowlog/len.ts';
import { slowlogReset } from './slowlog/reset.ts';

export const slowlog: CommandSpec = {
  name: 'slowlog',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about slow commands.',
    since: '2.2.12',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [slowlogGet, slowlogHelp, slowlogLen, slowlogReset],
};
