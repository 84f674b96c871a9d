/** PUBLISH and SPUBLISH. */
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

/**
 * Of several shards each is asked for its own subscribers. Where the command is a part of another, in EXEC or a script, only this shard
 * runs it, and tells the others; those who receive it there are not counted.
 */
export function publishTo(context: CommandContext, args: Arguments, kind: 'channel' | 'shard'): void {
  const { channels } = context.server;
  const channel = args.copy(1);
  const message = args.copy(2);
  context.reply.integer(channels.publish(kind, channel, message));
  if (context.deniesBlocking) channels.forward(kind, channel, message);
}
