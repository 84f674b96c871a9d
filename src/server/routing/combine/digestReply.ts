/** DEBUG DIGEST over shards: their parts of each database are put together as one shard would have done it. */
import { type DatabaseDigest, digestOfDatabases } from '../../commands/server/debug/digest.ts';
import type { Combine } from './keyReplies.ts';
import { isError, lineEnd } from './replyBytes.ts';

/** From the replies to DEBUG DIGEST-PARTS: arrays of `+<database> <hexadecimal>`. */
export const digestOfParts: Combine = (replies) => {
  const parts: DatabaseDigest[] = [];
  for (const reply of replies) {
    if (isError(reply)) return reply;
    for (let at = lineEnd(reply, 0); at < reply.length; at = lineEnd(reply, at)) {
      const line = Buffer.from(reply.subarray(at + 1, lineEnd(reply, at) - 2)).toString('latin1');
      const [index, xored] = line.split(' ');
      parts.push({ index: Number(index), xored: Buffer.from(xored!, 'hex') });
    }
  }
  return Buffer.from(`+${digestOfDatabases(parts)}\r\n`, 'latin1');
};
