import type { CommandSpec } from '../command.ts';
import { encoding } from './object/encoding.ts';
import { freq } from './object/freq.ts';
import { help } from './object/help.ts';
import { idletime } from './object/idletime.ts';
import { refcount } from './object/refcount.ts';

export const object: CommandSpec = {
  name: 'object',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Tells how a value is stored.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [encoding, freq, help, idletime, refcount],
};
