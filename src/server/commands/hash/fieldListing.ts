/** HGETALL, HKEYS and HVALS: every field that is not expired. They remove nothing, as in Redis. */
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { replyField, replyValue } from './fieldReply.ts';
import { readHash } from './hashLookup.ts';

export function listFields(context: CommandContext, args: Arguments, fields: boolean, values: boolean): void {
  const { nowMs, reply } = context;
  const hash = readHash(context, args);
  if (hash === null) return;
  const length = hash === undefined ? 0 : hash.liveCount(nowMs);
  if (fields && values) reply.map(length);
  else reply.array(length);
  hash?.visit((ref) => {
    if (hash.isExpired(ref, nowMs)) return;
    if (fields) replyField(reply, hash, ref);
    if (values) replyValue(reply, hash, ref);
  });
}
