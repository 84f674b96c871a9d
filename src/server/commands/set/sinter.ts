import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { answerCombined } from './combineSets.ts';

export const sinter: CommandSpec = {
  name: 'sinter',
  arity: -2,
  flags: ['readonly'],
  categories: ['set'],
  keys: allKeys('RO', 'access'),
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Returns the members that several sets share.',
    since: '1.0.0',
    group: 'set',
    complexity:
      'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute: (context, args) => answerCombined(context, args, 'inter'),
};
