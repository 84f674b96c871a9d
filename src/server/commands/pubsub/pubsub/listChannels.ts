/** PUBSUB CHANNELS and SHARDCHANNELS. */
import { fromLatin1 } from '../../../../base/bytes.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';

export function listChannels(context: CommandContext, args: Arguments, kind: 'channel' | 'shard'): void {
  const { reply, server } = context;
  if (args.count > 3) return unknownSubcommand(context, args);
  const names = server.channels.names(kind, args.count === 3 ? args.view(2) : undefined);
  reply.array(names.length);
  for (const name of names) reply.bulk(fromLatin1(name));
}
