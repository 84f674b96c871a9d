import type { CommandSpec } from '../command.ts';
import { xgroupCreate } from './xgroup/create.ts';
import { xgroupCreateconsumer } from './xgroup/createconsumer.ts';
import { xgroupDelconsumer } from './xgroup/delconsumer.ts';
import { xgroupDestroy } from './xgroup/destroy.ts';
import { xgroupHelp } from './xgroup/help.ts';
import { xgroupSetid } from './xgroup/setid.ts';

export const xgroup: CommandSpec = {
  name: 'xgroup',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Manages consumer groups.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [
    xgroupCreate,
    xgroupCreateconsumer,
    xgroupDelconsumer,
    xgroupDestroy,
    xgroupHelp,
    xgroupSetid,
  ],
};
