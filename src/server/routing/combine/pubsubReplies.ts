/** What PUBSUB answers over shards: each knows the subscribers that are connected to it. */
import type { Combine } from './keyReplies.ts';
import { bulkEnd, integerReply, isError, lineEnd, lineNumber } from './replyBytes.ts';

/** The elements of an array of bulk strings and integers, each as it stands there. */
function elements(reply: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = lineEnd(reply, 0);
  for (let left = lineNumber(reply, 0); left > 0; left--) {
    const end = bulkEnd(reply, at);
    found.push(reply.subarray(at, end));
    at = end;
  }
  return found;
}

const nameOf = (element: Uint8Array): string => Buffer.prototype.latin1Slice.call(element);

function distinct(replies: readonly Uint8Array[]): Map<string, Uint8Array> {
  const byName = new Map<string, Uint8Array>();
  for (const reply of replies) for (const element of elements(reply)) byName.set(nameOf(element), element);
  return byName;
}

/** CHANNELS: every name once. */
export const distinctNames: Combine = (replies) => {
  const refusal = replies.find(isError);
  if (refusal !== undefined) return refusal;
  const names = distinct(replies);
  return Buffer.concat([Buffer.from(`*${names.size}\r\n`, 'latin1'), ...names.values()]);
};

/** NUMPAT: how many there are. */
export const distinctCount: Combine = (replies) =>
  replies.find(isError) ?? integerReply(distinct(replies).size);

/** NUMSUB: name, count, name, count, ...; the names are the same in all. */
export const sumOfCounts: Combine = (replies) => {
  const refusal = replies.find(isError);
  if (refusal !== undefined) return refusal;
  const all = replies.map(elements);
  const summed = all[0]!.map((element, i) => {
    if (i % 2 === 0) return element;
    return integerReply(all.reduce((sum, one) => sum + lineNumber(one[i]!, 0), 0));
  });
  return Buffer.concat([Buffer.from(`*${summed.length}\r\n`, 'latin1'), ...summed]);
};
