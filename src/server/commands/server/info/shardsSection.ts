/** INFO shards: for each shard what it holds, what it has run and the mail it has exchanged with the others. */
import type { CommandContext } from '../../command.ts';

/** This shard's own line; the lines of all are put together where INFO was asked for. */
export function shardsSection({ server }: CommandContext): string[] {
  const { clients, mail, shard, stats } = server;
  let keys = 0;
  for (const { keyspace } of server.databases) keys += keyspace.count;
  const facts = [
    `keys=${keys}`,
    `clients=${clients.size}`,
    `commands=${stats.commandsProcessed()}`,
    `used_memory=${server.usedMemoryBytes()}`,
    `mail_sent=${mail?.sentMessages ?? 0}`,
    `mail_sent_bytes=${mail?.sentBytes ?? 0}`,
    `mail_received=${mail?.receivedMessages ?? 0}`,
    `mail_waits=${mail?.waits ?? 0}`,
  ];
  return [`shard_count:${shard.count}`, `shard${shard.index}:${facts.join(',')}`];
}
