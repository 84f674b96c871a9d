/** HSET and HMSET, which differ in their reply alone. */
import { EventClass } from '../../events/eventClasses.ts';
import type { Arguments } from '../arguments.ts';
import type { ArgumentDoc, CommandContext } from '../command.ts';
import { wrongNumberOfArguments } from '../errors.ts';
import { createHash, hashLimits, writeHash } from './hashLookup.ts';

export const fieldValuePairsDoc: ArgumentDoc[] = [
  { name: 'key', type: 'key', keySpecIndex: 0 },
  {
    name: 'data',
    type: 'block',
    flags: ['multiple'],
    arguments: [
      { name: 'field', type: 'string' },
      { name: 'value', type: 'string' },
    ],
  },
];

/** Sets the pairs from argument 2 on; how many fields are new, or -1 if an error has been sent. */
export function setFields(context: CommandContext, args: Arguments, commandName: string): number {
  const { count, buffer, starts, ends } = args;
  if (count % 2 === 1) {
    context.reply.error(wrongNumberOfArguments(commandName));
    return -1;
  }
  const found = writeHash(context, args);
  if (found === null) return -1;
  const hash = found ?? createHash(context, args);
  const limits = hashLimits(context);
  let payloadBytes = 0;
  let longestBytes = 0;
  for (let i = 2; i < count; i++) {
    const length = args.length(i);
    payloadBytes += length;
    if (length > longestBytes) longestBytes = length;
  }
  const pairs = (count - 2) / 2;
  const bytes = hash.prepare(pairs, payloadBytes, longestBytes, limits);
  hash.makeRoom(context.server.capacity.roomFor(bytes));
  let created = 0;
  for (let i = 2; i < count; i += 2) {
    if (hash.set(buffer, starts[i]!, ends[i]!, buffer, starts[i + 1]!, ends[i + 1]!, false, limits))
      created++;
  }
  context.server.dirty += pairs;
  context.db.changed(args, 1, EventClass.hash, 'hset');
  return created;
}
