/** `FIELDS numfields field [field ...]`, which ends every field expiry command. */
import type { Arguments } from '../arguments.ts';
import type { ArgumentDoc, CommandContext } from '../command.ts';

export const fieldsDoc: ArgumentDoc = {
  name: 'fields',
  type: 'block',
  token: 'FIELDS',
  arguments: [
    { name: 'numfields', type: 'integer' },
    { name: 'field', type: 'string', flags: ['multiple'] },
  ],
};

/** Arguments of the commands that take a key and fields only. */
export const keyAndFieldsDoc: ArgumentDoc[] = [{ name: 'key', type: 'key', keySpecIndex: 0 }, fieldsDoc];

export const FIELD_COUNT_NOT_POSITIVE = 'ERR Number of fields must be a positive integer';

/**
 * Checks the list whose word FIELDS is argument `at`: how many fields follow from argument `at + 2` on, or 0 if an error
 * has been sent.
 */
export function fieldsAt(context: CommandContext, args: Arguments, at: number, notPositive: string): number {
  const { reply } = context;
  if (!args.is(at, 'FIELDS')) {
    reply.error('ERR Mandatory argument FIELDS is missing or not at the right position');
    return 0;
  }
  const announced = args.int64(at + 1);
  if (announced === undefined || announced < 1n) {
    reply.error(notPositive);
    return 0;
  }
  const present = args.count - at - 2;
  if (announced !== BigInt(present)) {
    reply.error('ERR The `numfields` parameter must match the number of arguments');
    return 0;
  }
  return present;
}
