/** PUBSUB NUMSUB and SHARDNUMSUB. */
import { toLatin1 } from '../../../../base/bytes.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';

export function countSubscribers(
  { reply, server }: CommandContext,
  args: Arguments,
  kind: 'channel' | 'shard',
): void {
  reply.array((args.count - 2) * 2);
  for (let i = 2; i < args.count; i++) {
    reply.bulk(args.buffer, args.starts[i]!, args.ends[i]!);
    reply.integer(server.channels.subscriberCount(kind, toLatin1(args.view(i))));
  }
}
