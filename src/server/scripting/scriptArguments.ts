/** The arguments that EVAL, EVALSHA and FCALL share: `numkeys [key ...] [arg ...]`. */
import type { Arguments } from '../commands/arguments.ts';
import type { CommandContext } from '../commands/command.ts';
import type { LuaMachine } from './engine/luaMachine.ts';

const KEY_COUNT = 2;
export const FIRST_KEY = 3;

/** How many keys there are; negative once the error has been said. @param notAnInteger the error of what is no number. */
export function readKeyCount({ reply }: CommandContext, args: Arguments, notAnInteger: string): number {
  const count = args.int64(KEY_COUNT);
  if (count === undefined) reply.error(notAnInteger);
  else if (count > args.count - FIRST_KEY)
    reply.error("ERR Number of keys can't be greater than number of args");
  else if (count < 0n) reply.error("ERR Number of keys can't be negative");
  else return Number(count);
  return -1;
}

/** Pushes arguments [from, to) as an array. */
export function pushArray(machine: LuaMachine, L: number, args: Arguments, from: number, to: number): void {
  const { lua } = machine;
  lua.lua_createtable(L, to - from, 0);
  for (let i = from; i < to; i++) {
    machine.pushBytes(L, args.buffer, args.starts[i]!, args.ends[i]!);
    lua.lua_rawseti(L, -2, i - from + 1);
  }
}
