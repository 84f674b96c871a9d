/** The table `bit`: operations on 32-bit numbers, as LuaJIT's BitOp has them. */
import type { LuaMachine } from '../engine/luaMachine.ts';

/** Added to a double, it brings the low 32 bits of its integer part to the end of the mantissa. */
const INTEGER_BIAS = 6755399441055744;

export function defineBit(machine: LuaMachine, L: number): void {
  const { lua } = machine;
  const word = new Float64Array(1);
  const halves = new Int32Array(word.buffer);
  const argument = (L: number, index: number): number => {
    word[0] = lua.luaL_checknumber(L, index) + INTEGER_BIAS;
    return halves[0]!;
  };
  const answer = (L: number, value: number): number => {
    lua.lua_pushnumber(L, value | 0);
    return 1;
  };
  const combining = (name: string, combine: (a: number, b: number) => number): void =>
    machine.setFunction(L, -1, name, (L) => {
      let value = argument(L, 1);
      for (let i = machine.argumentCount(L); i > 1; i--) value = combine(value, argument(L, i));
      return answer(L, value);
    });
  const shifting = (name: string, shift: (value: number, by: number) => number): void =>
    machine.setFunction(L, -1, name, (L) => {
      const value = argument(L, 1);
      return answer(L, shift(value, argument(L, 2) & 31));
    });
  lua.lua_createtable(L, 0, 12);
  machine.setFunction(L, -1, 'tobit', (L) => answer(L, argument(L, 1)));
  machine.setFunction(L, -1, 'bnot', (L) => answer(L, ~argument(L, 1)));
  combining('band', (a, b) => a & b);
  combining('bor', (a, b) => a | b);
  combining('bxor', (a, b) => a ^ b);
  shifting('lshift', (value, by) => value << by);
  shifting('rshift', (value, by) => value >>> by);
  shifting('arshift', (value, by) => value >> by);
  shifting('rol', (value, by) => (value << by) | (value >>> (32 - by)));
  shifting('ror', (value, by) => (value << (32 - by)) | (value >>> by));
  machine.setFunction(L, -1, 'bswap', (L) => {
    const value = argument(L, 1);
    return answer(L, (value >>> 24) | ((value >> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24));
  });
  machine.setFunction(L, -1, 'tohex', (L) => {
    const value = argument(L, 1) >>> 0;
    const digits = machine.argumentCount(L) < 2 ? 8 : argument(L, 2);
    const count = Math.min(Math.abs(digits), 8);
    const text = value
      .toString(16)
      .padStart(8, '0')
      .slice(8 - count);
    machine.pushText(L, digits < 0 ? text.toUpperCase() : text);
    return 1;
  });
}
