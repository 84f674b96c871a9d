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
  execute({ client, reply }) {
    const { tracking } = client;
    const flags = [tracking === undefined ? 'off' : 'on'];
    if (tracking !== undefined) {
      if (tracking.mode !== 'default') flags.push(tracking.mode);
      if (tracking.isCachingSaid && tracking.mode === 'optin') flags.push('caching-yes');
      if (tracking.isCachingSaid && tracking.mode === 'optout') flags.push('caching-no');
      if (tracking.skipsOwn) flags.push('noloop');
      if (tracking.isRedirectBroken) flags.push('broken_redirect');
    }
    reply.map(3);
    reply.bulkText('flags');
    reply.set(flags.length);
    for (const flag of flags) reply.bulkText(flag);
    reply.bulkText('redirect');
    reply.integer(tracking?.redirectId ?? -1);
    reply.bulkText('prefixes');
    const prefixes = [...(tracking?.prefixes ?? [])].sort();
    reply.array(prefixes.length);
    for (const prefix of prefixes) reply.bulkText(prefix);
  },
};
