/**
 * SCAN over shards. A cursor is a shard and that shard's own cursor in one number, `inner * shards + shard`: the walk goes through
 * one shard after another, so it visits what each of them promises to visit, and 0 still means both the beginning and the end.
 */

import { Arguments } from '../../commands/arguments.ts';
import { parseScanCursor } from '../../commands/generic/scanOptions.ts';
import type { ShardPosition } from '../slots.ts';
import type { Split } from '../split.ts';
import { bulkEnd, bulkText, isError, lineEnd } from './replyBytes.ts';

/** Undefined if the cursor is none: the command itself says so. */
export function splitScan(args: Arguments, { count }: ShardPosition): Split | undefined {
  const cursor = parseScanCursor(args, 1);
  if (Number.isNaN(cursor)) return undefined;
  const shard = cursor % count;
  const inner = Buffer.from(String(Math.floor(cursor / count)), 'latin1');
  return {
    parts: [
      { shard, source: withCursor(args, inner), indices: Array.from({ length: args.count }, (_, i) => i) },
    ],
    isCheckedHere: false,
    combine: ([reply]) => (isError(reply!) ? reply! : outerReply(reply!, shard, count)),
  };
}

/** The same request with another word for argument 1. */
function withCursor(args: Arguments, cursor: Uint8Array): Arguments {
  const words = Array.from({ length: args.count }, (_, i) => (i === 1 ? cursor : args.view(i)));
  const replaced = new Arguments();
  replaced.buffer = Buffer.concat(words);
  let at = 0;
  for (const word of words) {
    replaced.push(at, at + word.length);
    at += word.length;
  }
  return replaced;
}

/** `[cursor, keys]` with the cursor as the client is to give it back. */
function outerReply(reply: Uint8Array, shard: number, count: number): Uint8Array {
  const cursorAt = lineEnd(reply, 0);
  const keysAt = bulkEnd(reply, cursorAt);
  const inner = Number(bulkText(reply.subarray(cursorAt, keysAt)));
  const next = inner !== 0 ? inner * count + shard : (shard + 1) % count;
  const text = String(next);
  return Buffer.concat([
    Buffer.from(`*2\r\n$${text.length}\r\n${text}\r\n`, 'latin1'),
    reply.subarray(keysAt),
  ]);
}
