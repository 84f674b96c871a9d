import type { CommandSpec } from '../../command.ts';

export const scriptLoad: CommandSpec = {
  name: 'load',
  arity: 3,
  flags: ['noscript', 'stale'],
  categories: ['scripting'],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Remembers a script without running it, and returns its SHA1.',
    since: '2.6.0',
    group: 'scripting',
    complexity: 'O(N) with N being the length in bytes of the script body.',
    arguments: [{ name: 'script', type: 'string' }],
  },
  execute(context, args) {
    const sha = context.server.scripting.load(context, args.view(2));
    if (sha !== undefined) context.reply.bulkText(sha);
  },
};
