import type { CommandSpec } from '../../command.ts';

export const memoryPurge: CommandSpec = {
  name: 'purge',
  arity: 2,
  flags: [],
  categories: [],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Collects garbage now and gives unused memory back.',
    since: '4.0.0',
    group: 'server',
    complexity: 'Depends on how much memory is allocated, could be slow',
  },
  execute(context) {
    context.server.process.collectGarbage();
    context.reply.ok();
  },
};
