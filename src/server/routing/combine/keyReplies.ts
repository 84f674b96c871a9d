/** How the replies of shards become one, for commands that were split by their keys. */
import { bulkEnd, integerReply, isError, lineEnd, lineNumber } from './replyBytes.ts';

/** The replies of a command's parts, in the order of the parts, to the reply of the whole. */
export type Combine = (replies: readonly Uint8Array[]) => Uint8Array;

/** DEL, EXISTS, DBSIZE: the sum; or the first error. */
export const sumOfIntegers: Combine = (replies) => {
  let sum = 0;
  for (const reply of replies) {
    if (isError(reply)) return reply;
    sum += lineNumber(reply, 0);
  }
  return integerReply(sum);
};

/** MSET, FLUSHALL: all shards say the same, or one of them an error. */
export const agreement: Combine = (replies) => replies.find(isError) ?? replies[0]!;

/** SCRIPT EXISTS: of each element 1 where all shards say so. */
export const everyOne: Combine = (replies) => {
  const failure = replies.find(isError);
  if (failure !== undefined) return failure;
  const whole = Uint8Array.from(replies[0]!);
  for (const reply of replies)
    for (let at = 0; at < whole.length; at++) if (reply[at]! < whole[at]!) whole[at] = reply[at]!;
  return whole;
};

/** KEYS: the elements of one array after those of another. */
export const concatenation: Combine = (replies) => {
  let length = 0;
  const pieces: Uint8Array[] = [];
  for (const reply of replies) {
    if (isError(reply)) return reply;
    length += lineNumber(reply, 0);
    pieces.push(reply.subarray(lineEnd(reply, 0)));
  }
  return Buffer.concat([Buffer.from(`*${length}\r\n`, 'latin1'), ...pieces]);
};

/**
 * MGET: each element where its key stood.
 * @param places for each part the places of its keys in the whole, counted from 0
 */
export const interleaving =
  (places: readonly (readonly number[])[], total: number): Combine =>
  (replies) => {
    const from = new Int32Array(total);
    const to = new Int32Array(total);
    const source = new Int32Array(total);
    let bytes = 0;
    for (let part = 0; part < replies.length; part++) {
      const reply = replies[part]!;
      if (isError(reply)) return reply;
      let at = lineEnd(reply, 0);
      for (const place of places[part]!) {
        const end = bulkEnd(reply, at);
        from[place] = at;
        to[place] = end;
        source[place] = part;
        bytes += end - at;
        at = end;
      }
    }
    const header = `*${total}\r\n`;
    const whole = Buffer.allocUnsafe(header.length + bytes);
    let at = whole.write(header, 0, 'latin1');
    for (let place = 0; place < total; place++) {
      whole.set(replies[source[place]!]!.subarray(from[place]!, to[place]!), at);
      at += to[place]! - from[place]!;
    }
    return whole;
  };
