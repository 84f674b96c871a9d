import type { CommandSpec } from '../../command.ts';
import { killScript } from '../killScript.ts';

export const functionKill: CommandSpec = {
  name: 'kill',
  arity: 2,
  flags: ['noscript', 'allow_busy'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  docs: {
    summary: 'Ends the function that runs, unless it has written.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(1)',
  },
  execute(context) {
    killScript(context, false);
  },
};
