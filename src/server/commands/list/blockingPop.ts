/** BLPOP and BRPOP. */
import { ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import { readDeadlineSec, waitForKeys } from '../blocking.ts';
import type { CommandContext } from '../command.ts';
import { listOf } from './listLookup.ts';
import { storePopped } from './popElements.ts';

export function blockingPop(context: CommandContext, args: Arguments, fromHead: boolean): void {
  const { db, reply } = context;
  const last = args.count - 1;
  const deadlineMs = readDeadlineSec(context, args, last);
  if (deadlineMs === undefined) return;
  for (let index = 1; index < last; index++) {
    const ref = db.lookupWrite(args, index);
    const list = listOf(context, ref);
    if (list === undefined) continue;
    if (list === null) return;
    reply.array(2);
    reply.bulk(args.buffer, args.starts[index]!, args.ends[index]!);
    reply.bulk(list.pop(fromHead));
    storePopped(context, args, index, ref, list, fromHead);
    context.server.propagation?.instead([fromHead ? 'LPOP' : 'RPOP', args.copy(index)]);
    return;
  }
  const keyIndices = Array.from({ length: last - 1 }, (_, i) => i + 1);
  waitForKeys(context, args, { keyIndices, type: ValueType.list, deadlineMs });
}
