/**
 * Passwords: the one user `default`, whose password is `requirepass`; empty means that any password will do.
 *
 * The comparison takes the same time whatever differs: both sides are hashed first, so neither the length nor a common
 * beginning shows.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import type { CommandContext } from '../command.ts';

export const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Marks the client authenticated if the pair is right; true if so. */
export function authenticate(context: CommandContext, user: Uint8Array, password: Uint8Array): boolean {
  const required = context.server.configuration.text('requirepass');
  const passwordMatches = timingSafeEqual(sha256(password), sha256(fromLatin1(required)));
  if (toLatin1(user) !== 'default') return false;
  if (required !== '' && !passwordMatches) return false;
  context.client.authenticated = true;
  context.client.user = 'default';
  return true;
}
