/** Lua values as JSON, after lua-cjson. */
import {
  GLOBALS,
  REGISTRY,
  TYPE_BOOLEAN,
  TYPE_LIGHT_USERDATA,
  TYPE_NIL,
  TYPE_NUMBER,
  TYPE_STRING,
  TYPE_TABLE,
} from '../engine/luaExports.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { ByteSink } from './byteSink.ts';
import type { JsonSettings } from './cjson.ts';

const TYPE_NAMES = [
  'nil',
  'boolean',
  'userdata',
  'number',
  'string',
  'table',
  'function',
  'userdata',
  'thread',
];
const BACKSLASH = 92;

/** What is written otherwise than as it is, by byte. */
const ESCAPES: (string | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte < 32 || byte === 127) return `\\u00${byte.toString(16).padStart(2, '0')}`;
  return byte === 34 || byte === 47 || byte === BACKSLASH ? `\\${String.fromCharCode(byte)}` : undefined;
});
for (const [byte, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
] as const)
  ESCAPES[byte] = `\\${letter}`;

/** Numbers as C's `%.14g` writes them: Lua itself does it. */
export class NumberTexts {
  readonly #machine: LuaMachine;
  readonly #format: number;

  constructor(machine: LuaMachine) {
    this.#machine = machine;
    const { lua, state: L } = machine;
    lua.lua_getfield(L, GLOBALS, machine.name('string'));
    lua.lua_getfield(L, -1, machine.name('format'));
    this.#format = lua.luaL_ref(L, REGISTRY);
    machine.pop(L);
  }

  text(L: number, value: number, precision: number): string {
    if (Number.isInteger(value) && Math.abs(value) < 10 ** precision && !Object.is(value, -0))
      return String(value);
    const machine = this.#machine;
    const { lua } = machine;
    lua.lua_rawgeti(L, REGISTRY, this.#format);
    machine.pushText(L, `%.${precision}g`);
    lua.lua_pushnumber(L, value);
    lua.lua_call(L, 2, 1);
    const text = machine.text(L, -1);
    machine.pop(L);
    return text;
  }
}

export class JsonWriter {
  readonly sink = new ByteSink();
  readonly #machine: LuaMachine;
  readonly #settings: JsonSettings;
  readonly #numbers: NumberTexts;

  constructor(machine: LuaMachine, settings: JsonSettings, numbers: NumberTexts) {
    this.#machine = machine;
    this.#settings = settings;
    this.#numbers = numbers;
  }

  /** Writes the value on top of the stack, which stays. */
  value(L: number, depth: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const value = machine.top(L);
    const type = machine.typeAt(value);
    if (type === TYPE_STRING) this.#string(value);
    else if (type === TYPE_NUMBER) this.#number(L, machine.numberAt(value), -1);
    else if (type === TYPE_BOOLEAN) this.sink.text(lua.lua_toboolean(L, -1) !== 0 ? 'true' : 'false');
    else if (type === TYPE_TABLE) this.#table(L, depth + 1);
    else if (type === TYPE_NIL || (type === TYPE_LIGHT_USERDATA && machine.words[value >> 2] === 0))
      this.sink.text('null');
    else this.#fail(L, -1, 'type not supported');
  }

  #fail(L: number, index: number, reason: string): never {
    const type = TYPE_NAMES[this.#machine.lua.lua_type(L, index)];
    return this.#machine.raise(L, `Cannot serialise ${type}: ${reason}`);
  }

  #string(value: number): void {
    const { bytes } = this.#machine;
    const start = this.#machine.stringStart(value);
    const end = start + this.#machine.stringLength(value);
    const { sink } = this;
    sink.byte(34);
    let plainFrom = start;
    for (let i = start; i < end; i++) {
      const escaped = ESCAPES[bytes[i]!];
      if (escaped === undefined) continue;
      if (i > plainFrom) sink.bytes(bytes.subarray(plainFrom, i));
      sink.text(escaped);
      plainFrom = i + 1;
    }
    if (end > plainFrom) sink.bytes(bytes.subarray(plainFrom, end));
    sink.byte(34);
  }

  #number(L: number, value: number, index: number): void {
    const { invalidNumbers, precision } = this.#settings;
    const isInvalid = !Number.isFinite(value);
    if (isInvalid && invalidNumbers === 0) this.#fail(L, index, 'must not be NaN or Inf');
    if (isInvalid && invalidNumbers === 2) this.sink.text('null');
    else if (Number.isNaN(value)) this.sink.text('nan');
    else this.sink.text(this.#numbers.text(L, value, precision));
  }

  #table(L: number, depth: number): void {
    const machine = this.#machine;
    if (depth > this.#settings.encodeDepthMax || machine.lua.lua_checkstack(L, 6) === 0)
      machine.raise(L, `Cannot serialise, excessive nesting (${depth})`);
    const length = this.#arrayLength(L);
    if (length > 0) this.#array(L, length, depth);
    else this.#object(L, depth);
  }

  /** The largest index of a table with none but positive integers as keys; -1 of any other. */
  #arrayLength(L: number): number {
    const machine = this.#machine;
    const { lua } = machine;
    const { sparseConvert, sparseRatio, sparseSafe } = this.#settings;
    let largest = 0;
    let count = 0;
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      machine.pop(L);
      const key = machine.top(L);
      const index = machine.typeAt(key) === TYPE_NUMBER ? machine.numberAt(key) : 0;
      if (!(index >= 1 && Math.floor(index) === index)) {
        machine.pop(L);
        return -1;
      }
      // As C makes an int of it.
      if (index > largest) largest = index < 2 ** 31 ? index : -(2 ** 31);
      count++;
    }
    if (sparseRatio > 0 && largest > count * sparseRatio && largest > sparseSafe) {
      if (!sparseConvert) this.#fail(L, -1, 'excessively sparse array');
      return -1;
    }
    return largest;
  }

  #array(L: number, length: number, depth: number): void {
    const { lua } = this.#machine;
    this.sink.byte(91);
    for (let i = 1; i <= length; i++) {
      if (i > 1) this.sink.byte(44);
      lua.lua_rawgeti(L, -1, i);
      this.value(L, depth);
      this.#machine.pop(L);
    }
    this.sink.byte(93);
  }

  #object(L: number, depth: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const { sink } = this;
    sink.byte(123);
    let isFirst = true;
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      if (!isFirst) sink.byte(44);
      isFirst = false;
      const type = lua.lua_type(L, -2);
      if (type === TYPE_NUMBER) {
        sink.byte(34);
        this.#number(L, lua.lua_tonumber(L, -2), -2);
        sink.byte(34);
      } else if (type === TYPE_STRING) {
        lua.lua_pushvalue(L, -2);
        this.#string(machine.top(L));
        machine.pop(L);
      } else {
        this.#fail(L, -2, 'table key must be a number or string');
      }
      sink.byte(58);
      this.value(L, depth);
      machine.pop(L);
    }
    sink.byte(125);
  }
}
