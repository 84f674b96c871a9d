/** A member in a reply, with its score where that is wanted: a pair of its own in RESP3, two elements in a row in RESP2. */
import type { Reply } from '../reply.ts';

export function replyMember(reply: Reply, member: Uint8Array, score: number, withScore: boolean): void {
  if (withScore && reply.protocol === 3) reply.array(2);
  reply.bulk(member);
  if (withScore) reply.double(score);
}
