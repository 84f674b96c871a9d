import type { CommandSpec } from '../../command.ts';
import { killScript } from '../killScript.ts';

export const scriptKill: CommandSpec = {
  name: 'kill',
  arity: 2,
  flags: ['noscript', 'allow_busy'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  docs: {
    summary: 'Ends the script that runs, unless it has written.',
    since: '2.6.0',
    group: 'scripting',
    complexity: 'O(1)',
  },
  execute(context) {
    killScript(context, true);
  },
};
