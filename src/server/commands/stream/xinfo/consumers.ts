import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { NO_SUCH_KEY } from '../../errors.ts';
import { nameAt, noGroup, readStream, replyName } from '../streamLookup.ts';

export const xinfoConsumers: CommandSpec = {
  name: 'consumers',
  arity: 4,
  flags: ['readonly'],
  categories: ['stream'],
  keys: [keyAt(2, 'RO', 'access')],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Lists the consumers of a group.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    history: [['7.2.0', 'The field `inactive`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
    ],
  },
  execute(context, args) {
    const { nowMs, reply } = context;
    const stream = readStream(context, args, 2);
    if (stream === null) return;
    if (stream === undefined) return reply.error(NO_SUCH_KEY);
    const group = stream.groups.get(nameAt(args, 3));
    if (group === undefined)
      return reply.error(
        noGroup(args, 2, 3, (key, name) => `consumer group '${name}' for key name '${key}'`),
      );
    const consumers = group.sortedConsumers();
    reply.array(consumers.length);
    for (const { activeMs, name, pending, seenMs } of consumers) {
      reply.map(4);
      reply.bulkText('name');
      replyName(reply, name);
      reply.bulkText('pending');
      reply.integer(pending.size);
      reply.bulkText('idle');
      reply.integer(Math.max(nowMs - seenMs, 0));
      reply.bulkText('inactive');
      reply.integer(activeMs === -1 ? -1 : nowMs - activeMs);
    }
  },
};
