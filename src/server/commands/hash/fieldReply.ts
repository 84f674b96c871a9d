/** Fields and values as bulk strings, straight from where they lie. */
import type { FieldRef, HashValue } from '../../keyspace/value/hashValue.ts';
import type { Reply } from '../reply.ts';

export function replyField(reply: Reply, hash: HashValue, ref: FieldRef): void {
  const { small } = hash;
  if (small === undefined) reply.bulkKey(hash.table!, ref);
  else reply.bulk(small.fieldBytes(ref), small.fieldStart(ref), small.fieldEnd(ref));
}

export function replyValue(reply: Reply, hash: HashValue, ref: FieldRef): void {
  const { small } = hash;
  if (small === undefined) reply.bulkEntry(hash.table!, ref);
  else reply.bulk(small.valueBytes(ref), small.valueStart(ref), small.valueEnd(ref));
}
