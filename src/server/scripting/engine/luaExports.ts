/**
 * The C interface of Lua 5.1 as the WebAssembly build exports it. Pointers, `lua_State *` included, are offsets into its memory; sizes
 * are bytes. What may raise a Lua error says so by leaving through a JavaScript exception, which nobody but `lua_pcall` may catch.
 */
import type { WasmMemory, WasmTable } from '../../../base/webAssembly.ts';

export interface LuaExports {
  memory: WasmMemory;
  __indirect_function_table: WasmTable;
  __wasm_call_ctors(): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  setThrew(threw: number, value: number): void;
  stackSave(): number;
  stackRestore(pointer: number): void;
  luaL_newstate(): number;
  luaL_loadbuffer(L: number, code: number, bytes: number, name: number): number;
  luaL_ref(L: number, index: number): number;
  luaL_unref(L: number, index: number, ref: number): void;
  luaL_where(L: number, level: number): void;
  luaL_argerror(L: number, argument: number, text: number): number;
  luaL_typerror(L: number, argument: number, typeName: number): number;
  luaL_checktype(L: number, argument: number, type: number): void;
  luaL_checklstring(L: number, argument: number, length: number): number;
  luaL_checknumber(L: number, argument: number): number;
  luaopen_base(L: number): number;
  luaopen_table(L: number): number;
  luaopen_string(L: number): number;
  luaopen_math(L: number): number;
  luaopen_debug(L: number): number;
  lua_call(L: number, args: number, results: number): void;
  lua_pcall(L: number, args: number, results: number, handler: number): number;
  lua_checkstack(L: number, slots: number): number;
  lua_concat(L: number, count: number): void;
  lua_createtable(L: number, arraySlots: number, hashSlots: number): void;
  lua_error(L: number): number;
  lua_gc(L: number, what: number, data: number): number;
  lua_getfield(L: number, index: number, name: number): void;
  lua_getmetatable(L: number, index: number): number;
  lua_gettable(L: number, index: number): void;
  lua_gettop(L: number): number;
  lua_insert(L: number, index: number): void;
  lua_isnumber(L: number, index: number): number;
  lua_next(L: number, index: number): number;
  lua_objlen(L: number, index: number): number;
  lua_pushboolean(L: number, value: number): void;
  lua_pushcclosure(L: number, func: number, upvalues: number): void;
  lua_pushlightuserdata(L: number, pointer: number): void;
  lua_pushlstring(L: number, bytes: number, length: number): void;
  lua_pushnil(L: number): void;
  lua_pushnumber(L: number, value: number): void;
  lua_pushvalue(L: number, index: number): void;
  lua_rawget(L: number, index: number): void;
  lua_rawgeti(L: number, index: number, n: number): void;
  lua_rawset(L: number, index: number): void;
  lua_rawseti(L: number, index: number, n: number): void;
  lua_remove(L: number, index: number): void;
  lua_replace(L: number, index: number): void;
  lua_setfield(L: number, index: number, name: number): void;
  lua_sethook(L: number, func: number, mask: number, count: number): number;
  lua_setmetatable(L: number, index: number): number;
  lua_settop(L: number, top: number): void;
  lua_toboolean(L: number, index: number): number;
  lua_tocfunction(L: number, index: number): number;
  lua_tolstring(L: number, index: number, length: number): number;
  lua_tonumber(L: number, index: number): number;
  lua_topointer(L: number, index: number): number;
  lua_type(L: number, index: number): number;
}

export const REGISTRY = -10000;
export const GLOBALS = -10002;
export const MULTIPLE = -1;

export const TYPE_NONE = -1;
export const TYPE_NIL = 0;
export const TYPE_BOOLEAN = 1;
export const TYPE_LIGHT_USERDATA = 2;
export const TYPE_NUMBER = 3;
export const TYPE_STRING = 4;
export const TYPE_TABLE = 5;
export const TYPE_FUNCTION = 6;

export const GC_COUNT = 3;
export const GC_COUNT_REMAINDER = 4;
export const HOOK_LINE = 4;
export const HOOK_COUNT = 8;
