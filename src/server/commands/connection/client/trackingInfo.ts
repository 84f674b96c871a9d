import type { CommandSpec } from '../../command.ts';

export const clientTrackingInfo: CommandSpec = {
  name: 'trackinginfo',
  arity: 2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: "Describes this connection's use of client-side caching.",
    since: '6.2.0',
    group: 'connection',
    complexity: 'O(1)',
  },
  execute(context) {
    const { reply } = context;
    reply.map(3);
    reply.bulkText('flags');
    reply.set(1);
    reply.bulkText('off');
    reply.bulkText('redirect');
    reply.integer(-1);
    reply.bulkText('prefixes');
    reply.array(0);
  },
};
