/** A command's reply, in RESP, as the Lua value that Redis makes of it. */
import { assert } from '../../base/assert.ts';
import { parseSafeInteger } from '../../base/integer.ts';
import type { LuaMachine } from './engine/luaMachine.ts';
import { pushError } from './errorTable.ts';

const CR = 13;

export class ReplyToLua {
  readonly #machine: LuaMachine;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(machine: LuaMachine) {
    this.#machine = machine;
  }

  /** Pushes the one reply that `bytes` begin with. */
  push(L: number, bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#value(L);
  }

  /** Reads up to the line's end. @returns where it ends. */
  #line(): number {
    const bytes = this.#bytes;
    let end = this.#at;
    while (bytes[end] !== CR) end++;
    this.#at = end + 2;
    return end;
  }

  #length(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at] === 45) {
      this.#line();
      return -1;
    }
    let length = 0;
    for (; bytes[at] !== CR; at++) length = length * 10 + bytes[at]! - 48;
    this.#at = at + 2;
    return length;
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString('latin1');
  }

  #value(L: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const bytes = this.#bytes;
    const type = bytes[this.#at++]!;
    switch (type) {
      case 36: {
        const length = this.#length();
        if (length < 0) return lua.lua_pushboolean(L, 0);
        const start = this.#at;
        this.#at = start + length + 2;
        return machine.pushBytes(L, bytes, start, start + length);
      }
      case 58: {
        const start = this.#at;
        const end = this.#line();
        const value = parseSafeInteger(bytes, start, end);
        return lua.lua_pushnumber(L, Number.isNaN(value) ? Number(this.#text(start, end)) : value);
      }
      case 43: {
        const start = this.#at;
        const end = this.#line();
        lua.lua_createtable(L, 0, 1);
        machine.pushBytes(L, bytes, start, end);
        return lua.lua_setfield(L, -2, machine.name('ok'));
      }
      case 45: {
        const start = this.#at;
        return pushError(machine, L, `-${this.#text(start, this.#line())}`, true);
      }
      case 42:
        return this.#array(L);
      case 95:
        this.#line();
        return lua.lua_pushnil(L);
      case 35:
        lua.lua_pushboolean(L, bytes[this.#at] === 116 ? 1 : 0);
        this.#line();
        return;
      default:
        return this.#aggregate(L, type);
    }
  }

  #array(L: number): void {
    const { lua } = this.#machine;
    const length = this.#length();
    if (length < 0) return lua.lua_pushboolean(L, 0);
    lua.lua_checkstack(L, 4);
    lua.lua_createtable(L, length, 0);
    for (let i = 1; i <= length; i++) {
      this.#value(L);
      lua.lua_rawseti(L, -2, i);
    }
  }

  /** What only RESP3 has: a table with one field that names the type. */
  #aggregate(L: number, type: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    lua.lua_checkstack(L, 5);
    lua.lua_createtable(L, 0, 1);
    switch (type) {
      case 37: {
        const pairs = this.#length();
        lua.lua_createtable(L, 0, pairs);
        for (let i = 0; i < pairs; i++) {
          this.#value(L);
          this.#value(L);
          lua.lua_rawset(L, -3);
        }
        return lua.lua_setfield(L, -2, machine.name('map'));
      }
      case 126: {
        const count = this.#length();
        lua.lua_createtable(L, 0, count);
        for (let i = 0; i < count; i++) {
          this.#value(L);
          lua.lua_pushboolean(L, 1);
          lua.lua_rawset(L, -3);
        }
        return lua.lua_setfield(L, -2, machine.name('set'));
      }
      case 44: {
        const start = this.#at;
        machine.setNumber(L, -1, 'double', doubleOf(this.#text(start, this.#line())));
        return;
      }
      case 40: {
        const start = this.#at;
        return machine.setText(L, -1, 'big_number', this.#text(start, this.#line()));
      }
      case 61: {
        const length = this.#length();
        const start = this.#at;
        this.#at = start + length + 2;
        lua.lua_createtable(L, 0, 2);
        machine.pushBytes(L, this.#bytes, start + 4, start + length);
        lua.lua_setfield(L, -2, machine.name('string'));
        machine.setText(L, -1, 'format', this.#text(start, start + 3));
        return lua.lua_setfield(L, -2, machine.name('verbatim_string'));
      }
      default:
        assert(false, 'a command answered with a type unknown to scripts');
    }
  }
}

function doubleOf(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
