/** HGETALL, HKEYS and HVALS: every field that is not expired. They remove nothing, as in Redis. */
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';
import type { SmallFields } from '../../keyspace/value/smallFields.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { expectBulks } from '../expectedBulks.ts';
import type { Reply } from '../reply.ts';
import { replyField, replyValue } from './fieldReply.ts';
import { readHash } from './hashLookup.ts';

function listSmall(reply: Reply, small: SmallFields, nowMs: number, fields: boolean, values: boolean): void {
  const at = small.cursor();
  while (at.next()) {
    if (at.expireAtMs !== NO_EXPIRY && at.expireAtMs < nowMs) continue;
    if (fields) reply.bulk(at.field, at.fieldStart, at.fieldEnd);
    if (values) reply.bulk(at.value, at.valueStart, at.valueEnd);
  }
}

function listTable(reply: Reply, hash: HashValue, nowMs: number, fields: boolean, values: boolean): void {
  hash.visit((ref) => {
    if (hash.isExpired(ref, nowMs)) return;
    if (fields) replyField(reply, hash, ref);
    if (values) replyValue(reply, hash, ref);
  });
}

/** Bytes of a field or a value: the mean of all in the small form, that of the first pair in a table. */
function meanBytes(hash: HashValue): number {
  const { small, table } = hash;
  if (small !== undefined) return Math.ceil(small.used / (small.count * 2));
  let bytes = 0;
  table!.scan(0, 1, (ref) => {
    bytes = Math.ceil((table!.keyLength(ref) + table!.stringLength(ref)) / 2);
  });
  return bytes;
}

export function listFields(context: CommandContext, args: Arguments, fields: boolean, values: boolean): void {
  const { nowMs, reply } = context;
  const hash = readHash(context, args);
  if (hash === null) return;
  const length = hash === undefined ? 0 : hash.liveCount(nowMs);
  if (hash !== undefined && length > 0)
    expectBulks(context, length * (Number(fields) + Number(values)), meanBytes(hash));
  if (fields && values) reply.map(length);
  else reply.array(length);
  if (hash === undefined) return;
  if (hash.small !== undefined) listSmall(reply, hash.small, nowMs, fields, values);
  else listTable(reply, hash, nowMs, fields, values);
}
