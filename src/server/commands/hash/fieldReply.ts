/** Fields and values as bulk strings, straight from where they lie. */
import type { FieldRef, HashValue } from '../../keyspace/value/hashValue.ts';
import type { Reply } from '../reply.ts';

export function replyField(reply: Reply, hash: HashValue, ref: FieldRef): void {
  const packed = hash.packed;
  if (packed === undefined) reply.bulkKey(hash.table!, ref);
  else reply.bulk(packed.bytes, packed.fieldStart(ref), packed.valueStart(ref));
}

export function replyValue(reply: Reply, hash: HashValue, ref: FieldRef): void {
  const packed = hash.packed;
  if (packed === undefined) reply.bulkEntry(hash.table!, ref);
  else reply.bulk(packed.bytes, packed.valueStart(ref), packed.valueEnd(ref));
}
