import type { CommandSpec } from '../command.ts';

export const quit: CommandSpec = {
  name: 'quit',
  arity: -1,
  flags: ['allow_busy', 'noscript', 'loading', 'stale', 'fast', 'no_auth'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Answers OK and closes the connection.',
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    deprecatedSince: '7.2.0',
    replacedBy: 'just closing the connection',
  },
  execute(context) {
    context.reply.ok();
    context.client.link.closeAfterReply();
  },
};
