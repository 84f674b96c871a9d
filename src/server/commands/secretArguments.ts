/** Which arguments hold passwords: they are neither logged nor shown. */
import type { Arguments } from './arguments.ts';

/** @param commandName full name: `config|set`. @returns for the index of an argument, the command's name being 0. */
export function secretArguments(commandName: string, args: Arguments): (index: number) => boolean {
  if (commandName === 'auth') return (index) => index > 0;
  if (commandName === 'hello')
    return (index) => index > 1 && /^auth$/i.test(args.text(2)) && index > 2 && index < 5;
  if (commandName === 'config|set')
    return (index) => index > 2 && /^(requirepass|masterauth)$/i.test(args.text(index - 1));
  return () => false;
}
