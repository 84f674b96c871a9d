import type { CommandSpec } from '../command.ts';

export const time: CommandSpec = {
  name: 'time',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output'],
  docs: {
    summary: "Returns the server's clock: seconds since the epoch, and microseconds within the second.",
    since: '2.6.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    const nowUs = context.server.clock.nowUs();
    const seconds = Math.floor(nowUs / 1_000_000);
    context.reply.array(2);
    context.reply.bulkText(`${seconds}`);
    context.reply.bulkText(`${Math.floor(nowUs - seconds * 1_000_000)}`);
  },
};
