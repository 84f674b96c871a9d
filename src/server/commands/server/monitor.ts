import type { CommandSpec } from '../command.ts';

export const monitor: CommandSpec = {
  name: 'monitor',
  arity: 1,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Shows every command that the server executes.',
    since: '1.0.0',
    group: 'server',
    complexity: '',
  },
  execute({ client, reply, server }) {
    server.monitors.add(client);
    reply.ok();
  },
};
