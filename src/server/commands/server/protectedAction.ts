/** enable-debug-command and its kin: nobody, everybody, or only who sits on the same machine. */
import type { CommandContext } from '../command.ts';

export function isProtectedActionAllowed(
  { client, server }: CommandContext,
  parameter: 'enable-debug-command' | 'enable-protected-configs' | 'enable-module-command',
): boolean {
  const allowed = server.configuration.text(parameter);
  if (allowed !== 'local') return allowed === 'yes';
  const { address } = client.link;
  // A unix socket's address is its path with port 0.
  return /^(127\.|\[?::1\]?:|::ffff:127\.)/.test(address) || address.endsWith(':0');
}
