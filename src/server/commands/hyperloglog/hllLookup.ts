/** How HyperLogLog commands reach the string under a key. */
import { copyOf } from '../../../base/bytes.ts';
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import { CorruptHyperLogLog, isHyperLogLog } from './hyperLogLog.ts';

export const CORRUPT = 'INVALIDOBJ Corrupted HLL object detected';

/** The bytes of the HyperLogLog of an entry, a copy; undefined once the error has been sent. */
export function hyperLogLogOf({ db, reply }: CommandContext, ref: Ref): Uint8Array | undefined {
  if (db.keyspace.type(ref) !== ValueType.string) {
    reply.error(WRONG_TYPE);
    return undefined;
  }
  const bytes = copyOf(db.keyspace.stringView(ref));
  if (isHyperLogLog(bytes)) return bytes;
  reply.error('WRONGTYPE Key is not a valid HyperLogLog string value.');
  return undefined;
}

/** Runs `work`, and answers what turns out to be corrupt with an error; false if so. */
export function unlessCorrupt({ reply }: CommandContext, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof CorruptHyperLogLog)) throw error;
    reply.error(CORRUPT);
    return false;
  }
}
