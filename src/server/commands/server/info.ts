import type { CommandSpec } from '../command.ts';
import { renderInfo } from './info/sections.ts';

export const info: CommandSpec = {
  name: 'info',
  arity: -1,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['dangerous'],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  docs: {
    summary: 'Returns facts and statistics about the server, in sections.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
    history: [['7.0.0', 'Takes several sections.']],
    arguments: [{ name: 'section', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute(context, args) {
    const words: string[] = [];
    for (let i = 1; i < args.count; i++) words.push(args.text(i).toLowerCase());
    context.reply.verbatim(renderInfo(context, words), 'txt');
  },
};
