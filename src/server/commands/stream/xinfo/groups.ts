import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { NO_SUCH_KEY } from '../../errors.ts';
import { readStream, replyId, replyName } from '../streamLookup.ts';
import { replyProgress } from './replyProgress.ts';

export const xinfoGroups: CommandSpec = {
  name: 'groups',
  arity: 3,
  flags: ['readonly'],
  categories: ['stream'],
  keys: [keyAt(2, 'RO', 'access')],
  docs: {
    summary: 'Lists the consumer groups of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    history: [['7.0.0', 'The fields `entries-read` and `lag`.']],
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { reply } = context;
    const stream = readStream(context, args, 2);
    if (stream === null) return;
    if (stream === undefined) return reply.error(NO_SUCH_KEY);
    const groups = stream.sortedGroups();
    reply.array(groups.length);
    for (const [name, group] of groups) {
      reply.map(6);
      reply.bulkText('name');
      replyName(reply, name);
      reply.bulkText('consumers');
      reply.integer(group.consumers.size);
      reply.bulkText('pending');
      reply.integer(group.pending.size);
      reply.bulkText('last-delivered-id');
      replyId(reply, group.lastId);
      replyProgress(reply, stream, group);
    }
  },
};
