import type { CommandSpec } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { acceptsTimeout } from './waitTimeout.ts';

export const waitaof: CommandSpec = {
  name: 'waitaof',
  arity: 4,
  flags: ['blocking'],
  categories: ['connection'],
  keys: [],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  docs: {
    summary: 'Waits until writes are on the disk of this server and of a number of replicas.',
    since: '7.2.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [
      { name: 'numlocal', type: 'integer' },
      { name: 'numreplicas', type: 'integer' },
      { name: 'timeout', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const local = args.int64(1);
    if (local === undefined) {
      reply.error(NOT_AN_INTEGER);
      return;
    }
    if (local < 0n || local > 1n) {
      reply.error('ERR value is out of range, value must between 0 and 1');
      return;
    }
    const replicas = args.int64(2);
    if (replicas === undefined || replicas < 0n) {
      reply.error('ERR value is out of range, must be positive');
      return;
    }
    if (!acceptsTimeout(context, args, 3)) return;
    const { appendOnlyFile } = context.server;
    if (local === 1n && appendOnlyFile === undefined) {
      reply.error('ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.');
      return;
    }
    // Whether it is durable here now, and on how many replicas: there are none. It is not waited for.
    reply.array(2);
    reply.integer(appendOnlyFile?.isDurable ? 1 : 0);
    reply.integer(0);
  },
};
