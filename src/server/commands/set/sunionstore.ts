import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { storeCombined } from './combineSets.ts';

export const sunionstore: CommandSpec = {
  name: 'sunionstore',
  arity: -3,
  flags: ['write', 'denyoom'],
  categories: ['set'],
  keys: [
    keyAt(1, 'OW', 'update'),
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'range', lastKey: -1, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Stores the members of any of several sets.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of elements in all given sets.',
    arguments: [
      { name: 'destination', type: 'key', keySpecIndex: 0 },
      { name: 'key', type: 'key', keySpecIndex: 1, flags: ['multiple'] },
    ],
  },
  execute: (context, args) => storeCombined(context, args, 'union'),
};
