import type { CommandSpec } from '../command.ts';
import { xinfoConsumers } from './xinfo/consumers.ts';
import { xinfoGroups } from './xinfo/groups.ts';
import { xinfoHelp } from './xinfo/help.ts';
import { xinfoStream } from './xinfo/stream.ts';

export const xinfo: CommandSpec = {
  name: 'xinfo',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Tells about streams, groups and consumers.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [xinfoConsumers, xinfoGroups, xinfoHelp, xinfoStream],
};
