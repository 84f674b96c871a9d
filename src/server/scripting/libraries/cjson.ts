/** The table `cjson`: JSON as lua-cjson 2.1.0 reads and writes it, with its settings. */
import { TYPE_BOOLEAN, TYPE_NIL } from '../engine/luaExports.ts';
import type { HostFunction, LuaMachine } from '../engine/luaMachine.ts';
import { JsonReader } from './jsonReader.ts';
import { JsonWriter, NumberTexts } from './jsonWriter.ts';

/** As lua-cjson begins. */
export interface JsonSettings {
  sparseConvert: boolean;
  sparseRatio: number;
  sparseSafe: number;
  encodeDepthMax: number;
  decodeDepthMax: number;
  /** Significant digits. */
  precision: number;
  /** Without effect: there is no buffer to keep. */
  keepBuffer: boolean;
  /** NaN and infinities when writing: 0 an error, 1 as they are, 2 as null. */
  invalidNumbers: 0 | 1 | 2;
  /** Reads NaN, infinities, hexadecimal numbers and leading zeros. */
  decodesInvalidNumbers: boolean;
}

const initialSettings = (): JsonSettings => ({
  sparseConvert: false,
  sparseRatio: 2,
  sparseSafe: 10,
  encodeDepthMax: 1000,
  decodeDepthMax: 1000,
  precision: 14,
  keepBuffer: true,
  invalidNumbers: 0,
  decodesInvalidNumbers: true,
});

const INT_MAX = 2 ** 31 - 1;
const PRECISION_MAX = 14;
const ON_OFF = ['off', 'on'];
/** lua_upvalueindex(1): which settings a function has, as a number. */
const FIRST_UPVALUE = -10003;

export function defineCjson(machine: LuaMachine, L: number): void {
  new Cjson(machine).push(L);
}

class Cjson {
  readonly #machine: LuaMachine;
  readonly #numbers: NumberTexts;
  readonly #settings: JsonSettings[] = [];
  /** Places in the function table: all modules that `cjson.new` makes share them. */
  readonly #functions: [name: string, place: number][];

  constructor(machine: LuaMachine) {
    this.#machine = machine;
    this.#numbers = new NumberTexts(machine);
    const functions: Record<string, HostFunction> = {
      encode: (L) => this.#encode(L),
      decode: (L) => this.#decode(L),
      encode_sparse_array: (L) => {
        const settings = this.#configured(L, 3);
        settings.sparseConvert = this.#choose(L, settings.sparseConvert ? 1 : 0, ON_OFF) === 1;
        settings.sparseRatio = this.#integer(L, 2, settings.sparseRatio, 0, INT_MAX);
        settings.sparseSafe = this.#integer(L, 3, settings.sparseSafe, 0, INT_MAX);
        return 3;
      },
      encode_max_depth: (L) => {
        const settings = this.#configured(L, 1);
        settings.encodeDepthMax = this.#integer(L, 1, settings.encodeDepthMax, 1, INT_MAX);
        return 1;
      },
      decode_max_depth: (L) => {
        const settings = this.#configured(L, 1);
        settings.decodeDepthMax = this.#integer(L, 1, settings.decodeDepthMax, 1, INT_MAX);
        return 1;
      },
      encode_number_precision: (L) => {
        const settings = this.#configured(L, 1);
        settings.precision = this.#integer(L, 1, settings.precision, 1, PRECISION_MAX);
        return 1;
      },
      encode_keep_buffer: (L) => {
        const settings = this.#configured(L, 1);
        settings.keepBuffer = this.#choose(L, settings.keepBuffer ? 1 : 0, ON_OFF) === 1;
        return 1;
      },
      encode_invalid_numbers: (L) => {
        const settings = this.#configured(L, 1);
        settings.invalidNumbers = this.#choose(L, settings.invalidNumbers, [...ON_OFF, 'null']) as 0 | 1 | 2;
        return 1;
      },
      decode_invalid_numbers: (L) => {
        const settings = this.#configured(L, 1);
        settings.decodesInvalidNumbers =
          this.#choose(L, settings.decodesInvalidNumbers ? 1 : 0, ON_OFF) === 1;
        return 1;
      },
      new: (L) => {
        this.push(L);
        return 1;
      },
    };
    this.#functions = Object.entries(functions).map(([name, func]) => [name, machine.hostFunction(func)]);
  }

  /** Pushes a module with settings of its own. */
  push(L: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const number = this.#settings.push(initialSettings()) - 1;
    lua.lua_createtable(L, 0, this.#functions.length + 3);
    for (const [name, place] of this.#functions) {
      lua.lua_pushnumber(L, number);
      lua.lua_pushcclosure(L, place, 1);
      lua.lua_setfield(L, -2, machine.name(name));
    }
    lua.lua_pushlightuserdata(L, 0);
    lua.lua_setfield(L, -2, machine.name('null'));
    machine.setText(L, -1, '_NAME', 'cjson');
    machine.setText(L, -1, '_VERSION', '2.1.0');
  }

  #settingsOf(L: number): JsonSettings {
    return this.#settings[this.#machine.lua.lua_tonumber(L, FIRST_UPVALUE)]!;
  }

  #encode(L: number): number {
    const machine = this.#machine;
    if (machine.argumentCount(L) !== 1) machine.raiseArgument(L, 1, 'expected 1 argument');
    const writer = new JsonWriter(machine, this.#settingsOf(L), this.#numbers);
    writer.value(L, 0);
    machine.pushBytes(L, writer.sink.view());
    return 1;
  }

  #decode(L: number): number {
    const machine = this.#machine;
    if (machine.argumentCount(L) !== 1) machine.raiseArgument(L, 1, 'expected 1 argument');
    machine.lua.luaL_checklstring(L, 1, 0);
    new JsonReader(machine, this.#settingsOf(L), machine.text(L, 1)).read(L);
    return 1;
  }

  // Settings --------------------------------------------------------------------------------------------------------------------------

  #configured(L: number, argumentsMax: number): JsonSettings {
    const machine = this.#machine;
    const count = machine.argumentCount(L);
    if (count > argumentsMax) machine.raiseArgument(L, argumentsMax + 1, 'found too many arguments');
    machine.lua.lua_settop(L, argumentsMax);
    return this.#settingsOf(L);
  }

  /** An integer setting: as argument `index` says, or as it is. Pushes it. */
  #integer(L: number, index: number, current: number, min: number, max: number): number {
    const machine = this.#machine;
    const { lua } = machine;
    let value = current;
    if (lua.lua_type(L, index) !== TYPE_NIL) {
      value = lua.luaL_checknumber(L, index) | 0;
      if (value < min || value > max)
        machine.raiseArgument(L, 1, `expected integer between ${min} and ${max}`);
    }
    lua.lua_pushnumber(L, value);
    return value;
  }

  /** One of `options`, or a boolean for the first two: as argument 1 says, or as it is. Pushes it. */
  #choose(L: number, current: number, options: readonly string[]): number {
    const machine = this.#machine;
    const { lua } = machine;
    let value = current;
    const type = lua.lua_type(L, 1);
    if (type === TYPE_BOOLEAN) {
      value = lua.lua_toboolean(L, 1);
    } else if (type !== TYPE_NIL) {
      lua.luaL_checklstring(L, 1, 0);
      const word = machine.cText(L, 1);
      value = options.indexOf(word);
      if (value < 0) machine.raiseArgument(L, 1, `invalid option '${word}'`);
    }
    if (value <= 1) lua.lua_pushboolean(L, value);
    else machine.pushText(L, options[value]!);
    return value;
  }
}
