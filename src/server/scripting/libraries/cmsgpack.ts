/** The table `cmsgpack`: MessagePack, in the choices of lua-cmsgpack 0.4.0. */
import { TYPE_BOOLEAN, TYPE_NIL, TYPE_NUMBER, TYPE_STRING, TYPE_TABLE } from '../engine/luaExports.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { ByteSink } from './byteSink.ts';

/** A table deeper than this is written as nil: so that one that contains itself comes to an end. */
const NESTING_MAX = 16;
const INT_MAX = 2 ** 31 - 1;
const TOO_MANY = 'stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)';

export function defineCmsgpack(machine: LuaMachine, L: number): void {
  const { lua } = machine;
  const integer = (L: number, index: number): number => Math.trunc(lua.luaL_checknumber(L, index));
  const optional = (L: number, index: number): number =>
    lua.lua_type(L, index) <= TYPE_NIL ? 0 : integer(L, index);
  lua.lua_createtable(L, 0, 8);
  machine.setFunction(L, -1, 'pack', (L) => pack(machine, L));
  machine.setFunction(L, -1, 'unpack', (L) => unpack(machine, L, 0, 0));
  machine.setFunction(L, -1, 'unpack_one', (L) => {
    const offset = optional(L, 2);
    lua.lua_settop(L, 1);
    return unpack(machine, L, 1, offset);
  });
  machine.setFunction(L, -1, 'unpack_limit', (L) => {
    const limit = integer(L, 2);
    const offset = optional(L, 3);
    lua.lua_settop(L, 1);
    return unpack(machine, L, limit, offset);
  });
  machine.setText(L, -1, '_NAME', 'cmsgpack');
  machine.setText(L, -1, '_VERSION', 'lua-cmsgpack 0.4.0');
  machine.setText(L, -1, '_COPYRIGHT', 'Copyright (C) 2012, Salvatore Sanfilippo');
  machine.setText(L, -1, '_DESCRIPTION', 'MessagePack C implementation for Lua');
}

function pack(machine: LuaMachine, L: number): number {
  const { lua } = machine;
  const count = machine.argumentCount(L);
  if (count === 0) machine.raiseArgument(L, 0, 'MessagePack pack needs input.');
  const writer = new Writer(machine);
  if (lua.lua_checkstack(L, 1) === 0) machine.raise(L, 'stack overflow (in function mp_check)');
  for (let i = 1; i <= count; i++) {
    lua.lua_pushvalue(L, i);
    writer.value(L, 0);
  }
  machine.pushBytes(L, writer.sink.view());
  return 1;
}

class Writer {
  readonly #machine: LuaMachine;
  readonly sink = new ByteSink();

  constructor(machine: LuaMachine) {
    this.#machine = machine;
  }

  /** Writes the value on top of the stack, and pops it. */
  value(L: number, level: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const { sink } = this;
    const value = machine.top(L);
    switch (machine.typeAt(value)) {
      case TYPE_STRING: {
        const start = machine.stringStart(value);
        const length = machine.stringLength(value);
        if (length < 32) sink.byte(0xa0 | length);
        else this.#header(length, 0xd9, 0xda, 0xdb);
        sink.bytes(machine.bytes.subarray(start, start + length));
        break;
      }
      case TYPE_BOOLEAN:
        sink.byte(lua.lua_toboolean(L, -1) !== 0 ? 0xc3 : 0xc2);
        break;
      case TYPE_NUMBER:
        this.#number(machine.numberAt(value));
        break;
      case TYPE_TABLE:
        if (level === NESTING_MAX) sink.byte(0xc0);
        else if (this.#isArray(L)) this.#array(L, level);
        else this.#map(L, level);
        break;
      default:
        sink.byte(0xc0);
    }
    machine.pop(L);
  }

  #header(length: number, one: number | undefined, two: number, four: number): void {
    const { sink } = this;
    if (one !== undefined && length <= 0xff) {
      sink.byte(one);
      sink.byte(length);
    } else if (length <= 0xffff) {
      sink.byte(two);
      sink.uint16(length);
    } else {
      sink.byte(four);
      sink.uint32(length);
    }
  }

  #number(value: number): void {
    const { sink } = this;
    if (!Number.isInteger(value) || value >= 2 ** 63 || value < -(2 ** 63)) {
      const isFloat = value === Math.fround(value);
      sink.byte(isFloat ? 0xca : 0xcb);
      if (isFloat) sink.float(value);
      else sink.double(value);
    } else if (value >= 0) {
      if (value <= 127) sink.byte(value);
      else if (value <= 0xffff_ffff) this.#header(value, 0xcc, 0xcd, 0xce);
      else {
        sink.byte(0xcf);
        sink.int64(BigInt(value));
      }
    } else if (value >= -32) {
      sink.byte(value);
    } else if (value >= -128) {
      sink.byte(0xd0);
      sink.byte(value);
    } else if (value >= -32768) {
      sink.byte(0xd1);
      sink.uint16(value);
    } else if (value >= -(2 ** 31)) {
      sink.byte(0xd2);
      sink.uint32(value);
    } else {
      sink.byte(0xd3);
      sink.int64(BigInt(value));
    }
  }

  #room(L: number, slots: number, where: string): void {
    if (this.#machine.lua.lua_checkstack(L, slots) === 0)
      this.#machine.raise(L, `stack overflow (in function ${where})`);
  }

  /** Whether its keys are 1 to their number. */
  #isArray(L: number): boolean {
    const machine = this.#machine;
    const { lua } = machine;
    this.#room(L, 2, 'table_is_an_array');
    const top = lua.lua_gettop(L);
    let count = 0;
    let largest = 0;
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      machine.pop(L);
      const key = machine.top(L);
      const index = machine.typeAt(key) === TYPE_NUMBER ? machine.numberAt(key) : 0;
      if (!(index > 0 && index <= INT_MAX && Number.isInteger(index))) {
        lua.lua_settop(L, top);
        return false;
      }
      largest = Math.max(largest, index);
      count++;
    }
    lua.lua_settop(L, top);
    return largest === count;
  }

  #array(L: number, level: number): void {
    const { lua } = this.#machine;
    const length = lua.lua_objlen(L, -1);
    if (length <= 15) this.sink.byte(0x90 | length);
    else this.#header(length, undefined, 0xdc, 0xdd);
    this.#room(L, 1, 'mp_encode_lua_table_as_array');
    for (let i = 1; i <= length; i++) {
      lua.lua_pushnumber(L, i);
      lua.lua_gettable(L, -2);
      this.value(L, level + 1);
    }
  }

  #map(L: number, level: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    this.#room(L, 3, 'mp_encode_lua_table_as_map');
    let count = 0;
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      machine.pop(L);
      count++;
    }
    if (count <= 15) this.sink.byte(0x80 | count);
    else this.#header(count, undefined, 0xde, 0xdf);
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      lua.lua_pushvalue(L, -2);
      this.value(L, level + 1);
      this.value(L, level + 1);
    }
  }
}

/** @param limit values to read at most; with an offset of 0, 0 is all of them. */
function unpack(machine: LuaMachine, L: number, limit: number, offset: number): number {
  const { lua } = machine;
  const start = lua.luaL_checklstring(L, 1, 0);
  const length = lua.lua_objlen(L, 1);
  if (offset < 0 || limit < 0) {
    machine.raise(L, `Invalid request to unpack with offset of ${offset | 0} and limit of ${length}.`);
  }
  if (offset > length) machine.raise(L, `Start offset ${offset} greater than input length ${length}.`);
  const isAll = limit === 0 && offset === 0;
  const reader = new Reader(machine, start + offset, start + length);
  const valuesMax = isAll ? INT_MAX : limit;
  let count = 0;
  while (reader.left > 0 && count < valuesMax) {
    reader.value(L);
    count++;
  }
  if (isAll) return count;
  lua.lua_pushnumber(L, reader.left === 0 ? -1 : length - reader.left);
  lua.lua_insert(L, 2);
  return count + 1;
}

class Reader {
  readonly #machine: LuaMachine;
  readonly #end: number;
  #at: number;

  /** @param at offsets in the machine's memory; the string is on the stack, so it stays where it is. */
  constructor(machine: LuaMachine, at: number, end: number) {
    this.#machine = machine;
    this.#at = at;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  #need(L: number, bytes: number): void {
    if (this.left < bytes) this.#machine.raise(L, 'Missing bytes in input.');
  }

  /** Steps over `bytes` bytes. @returns where they are. */
  #take(L: number, bytes: number): number {
    this.#need(L, bytes);
    const at = this.#at;
    this.#at = at + bytes;
    return at;
  }

  value(L: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    this.#need(L, 1);
    if (lua.lua_checkstack(L, 2) === 0) machine.raise(L, TOO_MANY);
    const type = machine.bytes[this.#at]!;
    if (type < 0x80) {
      this.#at++;
      lua.lua_pushnumber(L, type);
    } else if (type >= 0xe0) {
      this.#at++;
      lua.lua_pushnumber(L, type - 256);
    } else if (type < 0x90) {
      this.#at++;
      this.#map(L, type & 15);
    } else if (type < 0xa0) {
      this.#at++;
      this.#array(L, type & 15);
    } else if (type < 0xc0) {
      this.#need(L, 1 + (type & 31));
      this.#at++;
      this.#string(L, type & 31);
    } else {
      this.#marked(L, type);
    }
  }

  /** A type with a byte of its own. */
  #marked(L: number, type: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const data = new DataView(machine.bytes.buffer);
    const sized = (bytes: number): number => this.#take(L, 1 + bytes) + 1;
    switch (type) {
      case 0xc0:
        this.#at++;
        return lua.lua_pushnil(L);
      case 0xc2:
      case 0xc3:
        this.#at++;
        return lua.lua_pushboolean(L, type & 1);
      case 0xca:
        return lua.lua_pushnumber(L, data.getFloat32(sized(4)));
      case 0xcb:
        return lua.lua_pushnumber(L, data.getFloat64(sized(8)));
      case 0xcc:
        return lua.lua_pushnumber(L, data.getUint8(sized(1)));
      case 0xcd:
        return lua.lua_pushnumber(L, data.getUint16(sized(2)));
      case 0xce:
        return lua.lua_pushnumber(L, data.getUint32(sized(4)));
      case 0xd0:
        return lua.lua_pushnumber(L, data.getInt8(sized(1)));
      case 0xd1:
        return lua.lua_pushnumber(L, data.getInt16(sized(2)));
      case 0xd2:
        return lua.lua_pushnumber(L, data.getInt32(sized(4)));
      // What needs all 64 bits of an unsigned integer comes out negative, as in Lua 5.1's integers.
      case 0xcf:
      case 0xd3:
        return lua.lua_pushnumber(L, Number(data.getBigInt64(sized(8))));
      case 0xd9:
        return this.#string(L, data.getUint8(sized(1)));
      case 0xda:
        return this.#string(L, data.getUint16(sized(2)));
      case 0xdb:
        return this.#string(L, data.getUint32(sized(4)));
      case 0xdc:
        return this.#array(L, data.getUint16(sized(2)));
      case 0xdd:
        return this.#array(L, data.getUint32(sized(4)));
      case 0xde:
        return this.#map(L, data.getUint16(sized(2)));
      case 0xdf:
        return this.#map(L, data.getUint32(sized(4)));
      default:
        return machine.raise(L, 'Bad data format in input.');
    }
  }

  #string(L: number, length: number): void {
    this.#machine.lua.lua_pushlstring(L, this.#take(L, length), length);
  }

  #array(L: number, length: number): void {
    const { lua } = this.#machine;
    lua.lua_createtable(L, 0, 0);
    for (let i = 1; i <= length; i++) {
      this.value(L);
      lua.lua_rawseti(L, -2, i);
    }
  }

  #map(L: number, pairs: number): void {
    const { lua } = this.#machine;
    lua.lua_createtable(L, 0, 0);
    for (let i = 0; i < pairs; i++) {
      this.value(L);
      this.value(L);
      lua.lua_rawset(L, -3);
    }
  }
}
