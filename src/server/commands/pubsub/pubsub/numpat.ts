import type { CommandSpec } from '../../command.ts';

export const pubsubNumpat: CommandSpec = {
  name: 'numpat',
  arity: 2,
  flags: ['pubsub', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Counts the different globs that clients are subscribed to.',
    since: '2.8.0',
    group: 'pubsub',
    complexity: 'O(1)',
  },
  execute({ reply, server }) {
    reply.integer(server.channels.nameCount('pattern'));
  },
};
