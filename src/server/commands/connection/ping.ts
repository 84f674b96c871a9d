import type { CommandSpec } from '../command.ts';
import { wrongNumberOfArguments } from '../errors.ts';

export const ping: CommandSpec = {
  name: 'ping',
  arity: -1,
  flags: ['fast', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Answers PONG, or the message given.',
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    arguments: [{ name: 'message', type: 'string', flags: ['optional'] }],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count > 2) reply.error(wrongNumberOfArguments('ping'));
    else if (context.client.subscriptions !== undefined && context.client.protocol === 2) {
      // As a message would look, which is what the connection expects.
      reply.array(2);
      reply.bulkText('pong');
      if (args.count === 1) reply.bulkText('');
      else reply.bulk(args.buffer, args.starts[1]!, args.ends[1]!);
    } else if (args.count === 1) reply.simple('PONG');
    else reply.bulk(args.buffer, args.starts[1]!, args.ends[1]!);
  },
};
