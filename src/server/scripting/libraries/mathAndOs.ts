/** What Redis puts in place of Lua's own: `math.random` that is the same on every machine, and of `os` nothing but `clock`. */
import type { Clock } from '../../../ports/clock.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { Rand48 } from '../engine/rand48.ts';
import { GLOBALS_SLOT } from '../engine/sandbox.ts';

/** As C converts a double to a 64-bit and that to a 32-bit integer. */
const toInt32 = (value: number): number => (Math.abs(value) < 2 ** 63 ? value | 0 : 0);

export function defineMathAndOs(clock: Clock, machine: LuaMachine, L: number): void {
  const { lua } = machine;
  const generator = new Rand48();
  lua.lua_getfield(L, GLOBALS_SLOT, machine.name('math'));
  machine.setFunction(L, -1, 'random', (L) => {
    const drawn = generator.next();
    const count = machine.argumentCount(L);
    if (count === 0) {
      lua.lua_pushnumber(L, drawn);
    } else if (count === 1) {
      const upper = toInt32(lua.luaL_checknumber(L, 1));
      if (upper < 1) machine.raiseArgument(L, 1, 'interval is empty');
      lua.lua_pushnumber(L, Math.floor(drawn * upper) + 1);
    } else if (count === 2) {
      const lower = toInt32(lua.luaL_checknumber(L, 1));
      const upper = toInt32(lua.luaL_checknumber(L, 2));
      if (lower > upper) machine.raiseArgument(L, 2, 'interval is empty');
      lua.lua_pushnumber(L, Math.floor(drawn * ((upper - lower + 1) | 0)) + lower);
    } else {
      machine.raise(L, 'wrong number of arguments');
    }
    return 1;
  });
  machine.setFunction(L, -1, 'randomseed', (L) => {
    generator.seed(toInt32(lua.luaL_checknumber(L, 1)));
    return 0;
  });
  machine.pop(L);
  lua.lua_createtable(L, 0, 1);
  const startUs = clock.monotonicUs();
  machine.setFunction(L, -1, 'clock', (L) => {
    lua.lua_pushnumber(L, (clock.monotonicUs() - startUs) / 1e6);
    return 1;
  });
  lua.lua_setfield(L, GLOBALS_SLOT, machine.name('os'));
}
