/** The table `struct`: binary records after a format, sizes as on a 64-bit machine. */
import { TYPE_NUMBER, TYPE_STRING } from '../engine/luaExports.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { ByteSink } from './byteSink.ts';

const INTEGER_BYTES_MAX = 32;
const NATIVE_ALIGNMENT = 8;
const INT_MAX = 2 ** 31 - 1;
const INTEGERS = 'bBhHlLTiI';
const FIXED_SIZES: Record<string, number> = { b: 1, B: 1, h: 2, H: 2, l: 8, L: 8, T: 8, f: 4, d: 8, x: 1 };

/** Goes through a format: sizes, alignment and byte order. */
class Format {
  readonly #machine: LuaMachine;
  readonly #L: number;
  readonly #text: string;
  #at = 0;
  isLittleEndian = true;
  #alignment = 1;
  option = '';
  sizeBytes = 0;

  constructor(machine: LuaMachine, L: number) {
    machine.lua.luaL_checklstring(L, 1, 0);
    this.#machine = machine;
    this.#L = L;
    this.#text = machine.cText(L, 1);
  }

  next(): boolean {
    if (this.#at >= this.#text.length) return false;
    this.option = this.#text[this.#at++]!;
    this.sizeBytes = this.#size();
    return true;
  }

  #size(): number {
    const { option } = this;
    if (option === 'c') return this.#number(1);
    if (option !== 'i' && option !== 'I') return FIXED_SIZES[option] ?? 0;
    const size = this.#number(4);
    if (size > INTEGER_BYTES_MAX) {
      this.#machine.raise(this.#L, `integral size ${size} is larger than limit of ${INTEGER_BYTES_MAX}`);
    }
    return size;
  }

  #number(otherwise: number): number {
    const from = this.#at;
    let value = 0;
    for (; /[0-9]/.test(this.#text[this.#at] ?? ''); this.#at++) {
      value = value * 10 + Number(this.#text[this.#at]);
      if (value > INT_MAX) this.#machine.raise(this.#L, 'integral size overflow');
    }
    return this.#at === from ? otherwise : value;
  }

  /** Bytes to leave out before the option, at a place. */
  padding(at: number): number {
    if (this.sizeBytes === 0 || this.option === 'c') return 0;
    const size = Math.min(this.sizeBytes, this.#alignment);
    return (size - (at & (size - 1))) & (size - 1);
  }

  /** An option that is none of a value. */
  control(): void {
    const { option } = this;
    if (option === ' ') return;
    if (option === '>' || option === '<') {
      this.isLittleEndian = option === '<';
    } else if (option === '!') {
      const alignment = this.#number(NATIVE_ALIGNMENT);
      if (alignment <= 0 || (alignment & (alignment - 1)) !== 0)
        this.#machine.raise(this.#L, `alignment ${alignment} is not a power of 2`);
      this.#alignment = alignment;
    } else {
      this.#machine.raiseArgument(this.#L, 1, `invalid format option '${option}'`);
    }
  }
}

export function defineStruct(machine: LuaMachine, L: number): void {
  const { lua } = machine;
  lua.lua_createtable(L, 0, 3);
  machine.setFunction(L, -1, 'pack', (L) => pack(machine, L));
  machine.setFunction(L, -1, 'unpack', (L) => unpack(machine, L));
  machine.setFunction(L, -1, 'size', (L) => size(machine, L));
}

function pack(machine: LuaMachine, L: number): number {
  const { lua } = machine;
  const format = new Format(machine, L);
  const sink = new ByteSink();
  // A mark behind the arguments, as C's library has it: what is missing is nil.
  lua.lua_pushnil(L);
  let argument = 2;
  while (format.next()) {
    const { option } = format;
    for (let padding = format.padding(sink.length); padding > 0; padding--) sink.byte(0);
    if (INTEGERS.includes(option)) {
      sink.integer(toUint64(lua.luaL_checknumber(L, argument++)), format.sizeBytes, format.isLittleEndian);
    } else if (option === 'x') {
      sink.byte(0);
    } else if (option === 'f') {
      sink.float(lua.luaL_checknumber(L, argument++), format.isLittleEndian);
    } else if (option === 'd') {
      sink.double(lua.luaL_checknumber(L, argument++), format.isLittleEndian);
    } else if (option === 'c' || option === 's') {
      const start = lua.luaL_checklstring(L, argument, 0);
      const length = lua.lua_objlen(L, argument++);
      const taken = format.sizeBytes === 0 ? length : format.sizeBytes;
      if (length < taken) machine.raiseArgument(L, argument, 'string too short');
      sink.bytes(machine.bytes.subarray(start, start + taken));
      if (option === 's') sink.byte(0);
    } else {
      format.control();
    }
  }
  machine.pushBytes(L, sink.view());
  return 1;
}

/** As C converts a double to 64 bits. */
function toUint64(value: number): bigint {
  if (value < 0) return BigInt.asUintN(64, value > -(2 ** 63) ? BigInt(Math.trunc(value)) : -(2n ** 63n));
  if (Number.isNaN(value)) return 2n ** 63n;
  return value >= 2 ** 64 ? 0n : BigInt(Math.trunc(value));
}

function unpack(machine: LuaMachine, L: number): number {
  const { lua } = machine;
  const format = new Format(machine, L);
  lua.luaL_checklstring(L, 2, 0);
  const length = lua.lua_objlen(L, 2);
  const third = lua.lua_type(L, 3);
  const offset = third <= 0 ? 1 : Math.trunc(lua.luaL_checknumber(L, 3));
  if (offset === 0) machine.raiseArgument(L, 3, 'offset must be 1 or greater');
  let at = offset < 0 ? Number.POSITIVE_INFINITY : offset - 1;
  let results = 0;
  const need = (bytes: number): void => {
    if (at + bytes > length) machine.raiseArgument(L, 2, 'data string too short');
  };
  while (format.next()) {
    const { option } = format;
    let { sizeBytes } = format;
    at += format.padding(at);
    need(sizeBytes);
    if (lua.lua_checkstack(L, 2) === 0) machine.raise(L, 'stack overflow (too many results)');
    // Pushing may move nothing, but memory may grow: where the data is, is asked each time.
    const start = lua.lua_tolstring(L, 2, 0) + at;
    const data = new DataView(machine.bytes.buffer);
    if (INTEGERS.includes(option)) {
      lua.lua_pushnumber(L, readInteger(machine.bytes, start, format));
      results++;
    } else if (option === 'f') {
      lua.lua_pushnumber(L, data.getFloat32(start, format.isLittleEndian));
      results++;
    } else if (option === 'd') {
      lua.lua_pushnumber(L, data.getFloat64(start, format.isLittleEndian));
      results++;
    } else if (option === 'c') {
      if (sizeBytes === 0) {
        if (results === 0 || !isNumber(machine, L)) machine.raise(L, "format 'c0' needs a previous size");
        sizeBytes = Math.trunc(lua.lua_tonumber(L, -1));
        machine.pop(L);
        results--;
        if (sizeBytes < 0) sizeBytes = Number.POSITIVE_INFINITY;
        need(sizeBytes);
      }
      lua.lua_pushlstring(L, start, sizeBytes);
      results++;
    } else if (option === 's') {
      const end = machine.bytes.indexOf(0, start);
      if (end < 0 || end >= start - at + length) machine.raise(L, 'unfinished string in data');
      sizeBytes = end - start + 1;
      lua.lua_pushlstring(L, start, sizeBytes - 1);
      results++;
    } else if (option !== 'x') {
      format.control();
    }
    at += sizeBytes;
  }
  lua.lua_pushnumber(L, at + 1);
  return results + 1;
}

function isNumber(machine: LuaMachine, L: number): boolean {
  const type = machine.lua.lua_type(L, -1);
  if (type !== TYPE_STRING) return type === TYPE_NUMBER;
  return machine.lua.lua_isnumber(L, -1) !== 0;
}

function readInteger(
  bytes: Uint8Array,
  start: number,
  { isLittleEndian, option, sizeBytes }: Format,
): number {
  let value = 0n;
  for (let i = 0; i < sizeBytes; i++) {
    const byte = bytes[isLittleEndian ? start + sizeBytes - 1 - i : start + i]!;
    value = BigInt.asUintN(64, (value << 8n) | BigInt(byte));
  }
  if (option === option.toUpperCase()) return Number(value);
  // The sign's bit within 64, as the processor counts shifts.
  const bits = BigInt(((sizeBytes * 8 - 1) & 63) + 1);
  return Number(
    bits === 64n
      ? BigInt.asIntN(64, value)
      : value >> (bits - 1n) === 0n
        ? value
        : BigInt.asIntN(64, value | (-1n << (bits - 1n))),
  );
}

function size(machine: LuaMachine, L: number): number {
  const format = new Format(machine, L);
  let at = 0;
  while (format.next()) {
    at += format.padding(at);
    if (format.option === 's') machine.raiseArgument(L, 1, "option 's' has no fixed size");
    if (format.option === 'c' && format.sizeBytes === 0)
      machine.raiseArgument(L, 1, "option 'c0' has no fixed size");
    if (!/[0-9A-Za-z]/.test(format.option)) format.control();
    at += format.sizeBytes;
  }
  machine.lua.lua_pushnumber(L, at);
  return 1;
}
