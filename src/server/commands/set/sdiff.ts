import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { answerCombined } from './combineSets.ts';

export const sdiff: CommandSpec = {
  name: 'sdiff',
  arity: -2,
  flags: ['readonly'],
  categories: ['set'],
  keys: allKeys('RO', 'access'),
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Returns the members of a set that several others do not have.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of elements in all given sets.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute: (context, args) => answerCombined(context, args, 'diff'),
};
