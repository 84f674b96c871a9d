import type { CommandSpec } from '../command.ts';
import { functionDelete } from './function/delete.ts';
import { functionDump } from './function/dump.ts';
import { functionFlush } from './function/flush.ts';
import { functionHelp } from './function/help.ts';
import { functionKill } from './function/kill.ts';
import { functionList } from './function/list.ts';
import { functionLoad } from './function/load.ts';
import { functionRestore } from './function/restore.ts';
import { functionStats } from './function/stats.ts';

export const functionCommand: CommandSpec = {
  name: 'function',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about libraries of functions.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [
    functionDelete,
    functionDump,
    functionFlush,
    functionHelp,
    functionKill,
    functionList,
    functionLoad,
    functionRestore,
    functionStats,
  ],
};
