/**
 * Collections that have a packed form: bytes that stand under the key themselves, where an object and its arrays would cost hundreds of
 * bytes more. A command unpacks them into an object, and what it leaves small is packed again (`commands/collectionStore.ts`).
 */
import type { Collection } from '../keyspace.ts';

export interface Packable extends Collection {
  /** Elements; 0 says that the key must go. */
  readonly length: number;
  /** True if it is small enough to stand under its key as bytes. */
  readonly isPacked: boolean;
  /** Bytes of the packed form. */
  readonly packedLength: number;
  /** Writes the packed form, which must have room. */
  writePacked(target: Uint8Array): void;
  /** An object of its own with what this one holds, which is not to be used any more. */
  moved(): Packable;
}

export const isPackable = (value: Collection): value is Packable => 'isPacked' in value;

/** The packed form as bytes of its own. */
export function packedBytes(value: Packable): Uint8Array {
  const bytes = new Uint8Array(value.packedLength);
  value.writePacked(bytes);
  return bytes;
}
