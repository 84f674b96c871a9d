/** REPLICAOF and SLAVEOF: this server follows no other, so only `NO ONE` succeeds. */
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

export function followServer({ reply }: CommandContext, args: Arguments) {
  if (args.is(1, 'NO') && args.is(2, 'ONE')) return reply.ok();
  const port = args.int64(2);
  if (port === undefined || port < 0n || port > 65535n) return reply.error('ERR Invalid master port');
  reply.error('ERR replication of another server is not available');
}
