import { Watch } from '../../events/watchedKeys.ts';
import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';

export const watch: CommandSpec = {
  name: 'watch',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  categories: ['transaction'],
  keys: allKeys('RO'),
  docs: {
    summary: 'Makes the next EXEC depend on whether keys have changed until then.',
    since: '2.2.0',
    group: 'transactions',
    complexity: 'O(1) for every key.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute(context, args) {
    const { client, db, reply, server } = context;
    if (client.transaction !== undefined) return reply.error('ERR WATCH inside MULTI is not allowed');
    // Once one has changed, nothing that is watched besides can make a difference.
    if (client.watch?.isTouched !== true) {
      client.watch ??= new Watch();
      for (let i = 1; i < args.count; i++) server.keyEvents.watched.add(client.watch, db, args.copy(i));
    }
    reply.ok();
  },
};
