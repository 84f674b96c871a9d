/** Errors as Redis's scripts know them: tables `{ err = 'CODE text' }`. */
import type { LuaMachine } from './engine/luaMachine.ts';

/** `-CODE text` keeps its code, any other text gets ERR. */
export function errorText(text: string): string {
  if (!text.startsWith('-')) return `ERR ${trimmed(text)}`;
  const space = text.indexOf(' ');
  if (space < 0) return `ERR ${trimmed(text.slice(1))}`;
  return `${text.slice(1, space)} ${trimmed(text.slice(space + 1))}`;
}

const trimmed = (text: string): string => text.replace(/^[\r\n]+|[\r\n]+$/g, '');

/** Pushes the table. @param isCounted the statistics know of it: they are not told when the script passes it on. */
export function pushError(machine: LuaMachine, L: number, text: string, isCounted = false): void {
  const { lua } = machine;
  lua.lua_createtable(L, 0, 2);
  machine.setText(L, -1, 'err', errorText(text));
  if (!isCounted) return;
  lua.lua_pushboolean(L, 1);
  lua.lua_setfield(L, -2, machine.name('ignore_error_stats_update'));
}

/** Raises it. */
export function raiseError(machine: LuaMachine, L: number, text: string): number {
  pushError(machine, L, text);
  return machine.lua.lua_error(L);
}
