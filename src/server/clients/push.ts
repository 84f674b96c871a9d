import type { Reply } from '../commands/reply.ts';
import type { Client } from './client.ts';

/** Sends what is no reply, at once or, to the client whose command runs now, behind its reply. */
export function push(client: Client, current: Client, bytes: Uint8Array): void {
  if (client !== current) return client.link.send(bytes);
  client.pushes ??= [];
  client.pushes.push(bytes);
}

/** Says before a reply what waits to be said behind it: it is about what came before the command. */
export function pushBeforeReply(client: Client, reply: Reply): void {
  // What is said inside a reply that nobody hears would be lost.
  if (client.pushes === undefined || client.replyMode !== 'on') return;
  for (const bytes of client.pushes) reply.raw(bytes);
  client.pushes = undefined;
}
