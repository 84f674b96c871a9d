/** The six commands that begin and end subscriptions: one confirmation for each channel, in the form of a message. */
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import type { SubscriptionKind } from '../../pubsub/channels.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

const PREFIX: Readonly<Record<SubscriptionKind, string>> = { channel: '', pattern: 'p', shard: 's' };

function confirm(
  { client, reply }: CommandContext,
  word: string,
  kind: SubscriptionKind,
  name: string | undefined,
): void {
  // A message, which no CLIENT REPLY silences.
  const isSilenced = client.replyMode === 'off' || client.replyMode === 'skip';
  if (isSilenced) reply.divideReply(false);
  reply.push(3);
  reply.bulkText(PREFIX[kind] + word);
  if (name === undefined) reply.nil();
  else reply.bulk(fromLatin1(name));
  reply.integer(client.subscriptions?.countFor(kind) ?? 0);
  if (isSilenced) reply.divideReply(true);
}

export function subscribeTo(context: CommandContext, args: Arguments, kind: SubscriptionKind): void {
  for (let i = 1; i < args.count; i++) {
    const name = toLatin1(args.view(i));
    context.server.channels.subscribe(context.client, kind, name);
    confirm(context, 'subscribe', kind, name);
  }
}

export function unsubscribeFrom(context: CommandContext, args: Arguments, kind: SubscriptionKind): void {
  const { client, server } = context;
  const names =
    args.count > 1
      ? Array.from({ length: args.count - 1 }, (_, i) => toLatin1(args.view(i + 1)))
      : [...(client.subscriptions?.[kind] ?? [])];
  for (const name of names) {
    server.channels.unsubscribe(client, kind, name);
    confirm(context, 'unsubscribe', kind, name);
  }
  // There is always an answer.
  if (names.length === 0) confirm(context, 'unsubscribe', kind, undefined);
}
