import type { CommandSpec } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { acceptsTimeout } from './waitTimeout.ts';

/** Acknowledging replicas. There are none, and none can come while the client waits, so it is not made to wait. */
const REPLICAS = 0;

export const wait: CommandSpec = {
  name: 'wait',
  arity: 3,
  flags: ['blocking'],
  categories: ['connection'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  docs: {
    summary: 'Waits until writes have reached a number of replicas.',
    since: '3.0.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [
      { name: 'numreplicas', type: 'integer' },
      { name: 'timeout', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.int64(1) === undefined) reply.error(NOT_AN_INTEGER);
    else if (acceptsTimeout(context, args, 2)) reply.integer(REPLICAS);
  },
};
