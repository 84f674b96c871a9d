/** A replicated key's name: the database's number, a colon, the key with one character a byte. */
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';

export const keyName = (database: number, key: Uint8Array): string => `${database}:${toLatin1(key)}`;

export function parseKeyName(name: string): { database: number; key: Uint8Array } {
  const colon = name.indexOf(':');
  return { database: Number(name.slice(0, colon)), key: fromLatin1(name.slice(colon + 1)) };
}
