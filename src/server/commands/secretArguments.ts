/** Which arguments hold passwords: they are neither logged nor shown. */
import type { Arguments } from './arguments.ts';

/** HELLO's options are AUTH with two words and SETNAME with one. */
function isBehindAuth(args: Arguments, index: number): boolean {
  for (let at = 2; at < args.count; at += args.is(at, 'AUTH') ? 3 : 2)
    if (args.is(at, 'AUTH') && index > at && index <= at + 2) return true;
  return false;
}

/** @param commandName full name: `config|set`. @returns for the index of an argument, the command's name being 0. */
export function secretArguments(commandName: string, args: Arguments): (index: number) => boolean {
  if (commandName === 'auth') return (index) => index > 0;
  // Of a user not even the name is shown.
  if (/^acl\|(setuser|deluser|getuser)$/.test(commandName)) return (index) => index > 1;
  if (commandName === 'hello') return (index) => index > 2 && isBehindAuth(args, index);
  if (commandName === 'config|set')
    return (index) => index > 2 && /^(requirepass|masterauth)$/i.test(args.text(index - 1));
  return () => false;
}
