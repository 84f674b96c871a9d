/** Passwords are known by the SHA-256 of their bytes only, as 64 lower-case hexadecimal digits. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fromLatin1 } from '../../base/bytes.ts';

export const hashOf = (password: Uint8Array): string => createHash('sha256').update(password).digest('hex');

export const isPasswordHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** Takes the same time whatever differs, and wherever among the hashes the right one is. */
export function isAmong(hashes: readonly string[], password: Uint8Array): boolean {
  const given = fromLatin1(hashOf(password));
  let found = false;
  for (const hash of hashes) if (timingSafeEqual(given, fromLatin1(hash))) found = true;
  return found;
}
