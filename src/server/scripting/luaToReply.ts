/** What a script returned, as the reply that Redis makes of it. */
import type { Reply } from '../commands/reply.ts';
import { TYPE_BOOLEAN, TYPE_NIL, TYPE_NUMBER, TYPE_STRING, TYPE_TABLE } from './engine/luaExports.ts';
import type { LuaMachine } from './engine/luaMachine.ts';

/** What C's conversion makes of doubles that are no 64-bit integer. */
const INT64_MIN = -(2n ** 63n);
const INT64_LIMIT = 2 ** 63;

export class LuaToReply {
  readonly #machine: LuaMachine;
  readonly #reply: Reply;
  /** The RESP version that the script chose: it decides what `true` and `false` are. */
  #protocol: 2 | 3 = 2;

  constructor(machine: LuaMachine, reply: Reply) {
    this.#machine = machine;
    this.#reply = reply;
  }

  /** Says the value on top of the stack, and pops it. */
  say(L: number, protocol: 2 | 3): void {
    this.#protocol = protocol;
    this.#value(L);
  }

  #value(L: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    const reply = this.#reply;
    if (lua.lua_checkstack(L, 4) === 0) {
      reply.error('ERR reached lua stack limit');
      return machine.pop(L);
    }
    const value = machine.top(L);
    switch (machine.typeAt(value)) {
      case TYPE_STRING: {
        const start = machine.stringStart(value);
        reply.bulk(machine.bytes, start, start + machine.stringLength(value));
        break;
      }
      case TYPE_NUMBER:
        reply.integer(toInteger(machine.numberAt(value)));
        break;
      case TYPE_BOOLEAN:
        this.#boolean(lua.lua_toboolean(L, -1) !== 0);
        break;
      case TYPE_TABLE:
        this.#table(L);
        break;
      default:
        reply.nil();
    }
    machine.pop(L);
  }

  #boolean(value: boolean): void {
    if (this.#protocol === 3) this.#reply.boolean(value);
    else if (value) this.#reply.integer(1);
    else this.#reply.nil();
  }

  /** Pushes a field of the table on top. @returns its type. */
  #field(L: number, name: string): number {
    const { lua } = this.#machine;
    this.#machine.pushText(L, name);
    lua.lua_rawget(L, -2);
    return lua.lua_type(L, -1);
  }

  /** A field that makes the table something else than an array, or the array. */
  #table(L: number): void {
    const machine = this.#machine;
    const reply = this.#reply;
    const { lua } = machine;
    const top = lua.lua_gettop(L);
    if (this.#field(L, 'err') === TYPE_STRING) {
      const text = machine.cText(L, -1);
      lua.lua_settop(L, top);
      lua.lua_getfield(L, -1, machine.name('ignore_error_stats_update'));
      if (lua.lua_toboolean(L, -1) !== 0) reply.errorOfPart(text);
      else reply.error(text);
    } else if (this.#other(L, top, 'ok') === TYPE_STRING) {
      reply.simple(machine.cText(L, -1).replace(/[\r\n]/g, ' '));
    } else if (this.#other(L, top, 'double') === TYPE_NUMBER) {
      reply.double(lua.lua_tonumber(L, -1));
    } else if (this.#other(L, top, 'big_number') === TYPE_STRING) {
      reply.bigNumber(machine.text(L, -1).replace(/[\r\n]/g, ' '));
    } else if (this.#other(L, top, 'verbatim_string') !== TYPE_TABLE || !this.#verbatim(L)) {
      if (this.#other(L, top, 'map') === TYPE_TABLE) this.#map(L);
      else if (this.#other(L, top, 'set') === TYPE_TABLE) this.#set(L);
      else {
        lua.lua_settop(L, top);
        this.#array(L);
      }
    }
    lua.lua_settop(L, top);
  }

  /** The next field to look at, in place of the one before. */
  #other(L: number, top: number, name: string): number {
    this.#machine.lua.lua_settop(L, top);
    return this.#field(L, name);
  }

  #verbatim(L: number): boolean {
    const machine = this.#machine;
    if (this.#field(L, 'format') !== TYPE_STRING) return false;
    const format = machine.cText(L, -1);
    machine.pop(L);
    if (this.#field(L, 'string') !== TYPE_STRING) return false;
    const text = machine.top(L);
    const start = machine.stringStart(text);
    this.#reply.verbatimBytes(
      machine.bytes.subarray(start, start + machine.stringLength(text)),
      format.slice(0, 3).padEnd(3),
    );
    return true;
  }

  #count(L: number): number {
    const { lua } = this.#machine;
    let count = 0;
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      this.#machine.pop(L);
      count++;
    }
    return count;
  }

  #map(L: number): void {
    const { lua } = this.#machine;
    this.#reply.map(this.#count(L));
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      lua.lua_pushvalue(L, -2);
      this.#value(L);
      this.#value(L);
    }
  }

  #set(L: number): void {
    const { lua } = this.#machine;
    this.#reply.set(this.#count(L));
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      this.#machine.pop(L);
      lua.lua_pushvalue(L, -1);
      this.#value(L);
    }
  }

  /** Up to the first nil. */
  #array(L: number): void {
    const machine = this.#machine;
    const { lua } = machine;
    let length = 0;
    for (;;) {
      lua.lua_rawgeti(L, -1, length + 1);
      const type = lua.lua_type(L, -1);
      machine.pop(L);
      if (type === TYPE_NIL) break;
      length++;
    }
    this.#reply.array(length);
    for (let i = 1; i <= length; i++) {
      lua.lua_rawgeti(L, -1, i);
      this.#value(L);
    }
  }
}

/** As `(long long)value` does in Redis. */
function toInteger(value: number): number | bigint {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0;
  if (Number.isNaN(whole) || whole >= INT64_LIMIT || whole < -INT64_LIMIT) return INT64_MIN;
  return BigInt(whole);
}
