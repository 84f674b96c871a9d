import type { CommandSpec } from '../../command.ts';
import { clientLine } from './clientLine.ts';

export const clientInfo: CommandSpec = {
  name: 'info',
  arity: 2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Describes this connection in one line.',
    since: '6.2.0',
    group: 'connection',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.verbatim(`${clientLine(context.client, context.server.clients, context.nowMs)}\n`, 'txt');
  },
};
