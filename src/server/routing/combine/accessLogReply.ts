/** ACL LOG over shards: each keeps what was refused to its own connections. */
import type { Arguments } from '../../commands/arguments.ts';
import { ENTRIES_SHOWN } from '../../commands/server/acl/log.ts';
import { agreement, type Combine } from './keyReplies.ts';
import { isError, lineEnd, lineNumber, valueEnd } from './replyBytes.ts';

const COLON = 58;

interface Entry {
  readonly bytes: Uint8Array;
  readonly updatedMs: number;
}

function entriesOf(reply: Uint8Array): Entry[] {
  const entries: Entry[] = [];
  let at = lineEnd(reply, 0);
  for (let left = lineNumber(reply, 0); left > 0; left--) {
    const end = valueEnd(reply, at);
    // The time of the last refusal stands on an entry's last line.
    const lastLine = reply.lastIndexOf(COLON, end - 1);
    entries.push({ bytes: reply.subarray(at, end), updatedMs: lineNumber(reply, lastLine) });
    at = end;
  }
  return entries;
}

/** The newest of all, as many as were asked for. */
export function accessLogOfShards(args: Arguments): Combine {
  if (args.count === 3 && args.is(2, 'RESET')) return agreement;
  const most = args.count === 3 ? Math.max(0, Number(args.int64(2) ?? 0n)) : ENTRIES_SHOWN;
  return (replies) => {
    const refusal = replies.find(isError);
    if (refusal !== undefined) return refusal;
    const entries = replies
      .flatMap(entriesOf)
      .sort((a, b) => b.updatedMs - a.updatedMs)
      .slice(0, most);
    return Buffer.concat([
      Buffer.from(`*${entries.length}\r\n`, 'latin1'),
      ...entries.map(({ bytes }) => bytes),
    ]);
  };
}
