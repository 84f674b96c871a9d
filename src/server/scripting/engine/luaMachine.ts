/**
 * One Lua 5.1 machine in WebAssembly memory, and the means to talk to it without copies: host functions read their arguments out
 * of its stack, strings are written where it wants them.
 *
 * The build uses Emscripten's way of longjmp: a Lua error is a JavaScript exception that `invoke_vii`, in which every protected call
 * runs, turns back into a jump. A host function that raises one must therefore have nothing to clean up. Any other exception that passes
 * through leaves the machine in pieces; `LuaCrash` says so, and its owner makes a new one.
 *
 * What is read directly, of lua_State and of values on its stack (32-bit pointers, little endian; Lua 5.1.5's lobject.h and lstate.h):
 *
 *   lua_State  +8 top, first free slot       TValue (16 bytes)  +0 value: double, boolean or pointer   +8 type
 *              +12 base, first argument      TString            +12 length   +16 bytes
 */
import { assert } from '../../../base/assert.ts';
import {
  compileWasm,
  importsOfWasm,
  startWasm,
  type WasmImports,
  type WasmModule,
} from '../../../base/webAssembly.ts';
import { GC_COUNT, GC_COUNT_REMAINDER, type LuaExports, TYPE_NUMBER, TYPE_STRING } from './luaExports.ts';

export const VALUE_BYTES = 16;
export const TYPE_OFFSET = 8;
const TOP_OFFSET = 8;
const BASE_OFFSET = 12;
export const STRING_LENGTH_OFFSET = 12;
export const STRING_BYTES_OFFSET = 16;

const SCRATCH_BYTES_INITIAL = 64 * 1024;
/** A scratch area grown beyond this for one long string is given back. */
const SCRATCH_BYTES_KEPT = 1024 * 1024;
const PAGE_BYTES = 65536;
/** What scripts may hold of memory altogether; as much as the build's 32-bit arithmetic is sure of. */
const MEMORY_BYTES_MAX = 2 ** 31;

/** What a longjmp is thrown as: Emscripten's own choice. */
const LONGJMP = Number.POSITIVE_INFINITY;

/** A module that exports the function it imports: how a JavaScript function gets a type and a place in the function table. */
const trampoline = (parameters: number[], results: number[]): WasmModule => {
  const type = [0x60, parameters.length, ...parameters, results.length, ...results];
  return compileWasm(
    Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, type.length + 1, 1, ...type],
      // Import "e"."f" of type 0; export it as "f".
      ...[2, 7, 1, 1, 0x65, 1, 0x66, 0, 0],
      ...[7, 5, 1, 1, 0x66, 0, 0],
    ),
  );
};
const I32 = 0x7f;

/** The machine is unusable: something other than a Lua error went through it. */
export class LuaCrash extends Error {
  readonly code = 'LUA_CRASH';
}

/** Called by Lua: arguments are on the stack of `L`; answers how many results it has pushed. */
export type HostFunction = (L: number) => number;

export class LuaMachine {
  readonly lua: LuaExports;
  /** The main state. */
  readonly state: number;
  /** Views of the memory: replaced when it grows, so never kept by anybody across a call into Lua. */
  bytes: Uint8Array;
  words: Uint32Array;
  doubles: Float64Array;
  readonly #names = new Map<string, number>();
  readonly #callModule = trampoline([I32], [I32]);
  readonly #hookModule = trampoline([I32, I32], []);
  #scratch: number;
  #scratchBytes = SCRATCH_BYTES_INITIAL;

  constructor(module: WasmModule) {
    const imports = this.#imports(module);
    this.lua = startWasm(module, imports) as unknown as LuaExports;
    this.bytes = new Uint8Array(0);
    this.words = new Uint32Array(0);
    this.doubles = new Float64Array(0);
    this.#look();
    this.lua.__wasm_call_ctors();
    this.state = this.lua.luaL_newstate();
    this.#scratch = this.lua.malloc(this.#scratchBytes);
    this.#checkLayout();
  }

  #look(): void {
    const { buffer } = this.lua.memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  #imports(module: WasmModule): WasmImports {
    const imports: WasmImports = {};
    // Files, clocks and the like: nothing of what would call them is opened to scripts.
    const absent = (): number => -1;
    for (const { module: from, name } of importsOfWasm(module)) {
      imports[from] ??= {};
      imports[from][name] = absent;
    }
    Object.assign(imports.env!, {
      invoke_vii: (index: number, a: number, b: number): void => {
        const { lua } = this;
        const stack = lua.stackSave();
        try {
          (lua.__indirect_function_table.get(index) as (a: number, b: number) => void)(a, b);
        } catch (thrown) {
          lua.stackRestore(stack);
          if (thrown !== LONGJMP) throw thrown;
          lua.setThrew(1, 0);
        }
      },
      _emscripten_throw_longjmp: (): never => {
        throw LONGJMP;
      },
      emscripten_memcpy_js: (to: number, from: number, length: number): void => {
        this.bytes.copyWithin(to, from, from + length);
      },
      emscripten_resize_heap: (wanted: number): number => this.#growMemory(wanted >>> 0),
      exit: (): never => {
        throw new LuaCrash('Lua ended itself');
      },
    });
    return imports;
  }

  #growMemory(wanted: number): number {
    if (wanted > MEMORY_BYTES_MAX) return 0;
    const { memory } = this.lua;
    const now = memory.buffer.byteLength;
    // A fifth more than now, so that growth is rare.
    const target = Math.min(Math.max(wanted, Math.ceil(now * 1.2)), MEMORY_BYTES_MAX);
    try {
      memory.grow(Math.ceil((target - now) / PAGE_BYTES));
    } catch {
      return 0;
    }
    this.#look();
    return 1;
  }

  /** Another build of Lua might lay out its state otherwise: better to stop than to read at random. */
  #checkLayout(): void {
    const { lua, state } = this;
    lua.lua_pushnumber(state, 1.5);
    this.pushText(state, 'layout');
    const text = this.argument(state, 2);
    assert(
      this.argumentCount(state) === 2 &&
        this.typeAt(this.argument(state, 1)) === TYPE_NUMBER &&
        this.doubles[this.argument(state, 1) >> 3] === 1.5 &&
        this.typeAt(text) === TYPE_STRING &&
        this.stringLength(text) === 6 &&
        this.stringStart(text) === lua.lua_tolstring(state, 2, 0),
      'Lua values are not where they are read',
    );
    lua.lua_settop(state, 0);
  }

  /** Makes a JavaScript function callable from Lua. @returns its place in the function table, for `lua_pushcclosure`. */
  hostFunction(func: HostFunction): number {
    return this.#place(this.#callModule, func);
  }

  /** As hostFunction, for `lua_sethook`. */
  hostHook(func: (L: number, activation: number) => void): number {
    return this.#place(this.#hookModule, func);
  }

  #place(module: WasmModule, func: (...values: number[]) => unknown): number {
    return this.place(startWasm(module, { e: { f: func } }).f as CallableFunction);
  }

  /** The function table's place of a function of WebAssembly's own, an exported one for instance. */
  place(func: CallableFunction): number {
    const table = this.lua.__indirect_function_table;
    const index = table.grow(1);
    table.set(index, func);
    return index;
  }

  /** The C function at a place of the table. */
  at(place: number): HostFunction {
    return this.lua.__indirect_function_table.get(place) as HostFunction;
  }

  /** A C string that stays: for names of fields and libraries. Latin1, without NUL. */
  name(text: string): number {
    let pointer = this.#names.get(text);
    if (pointer === undefined) {
      pointer = this.lua.malloc(text.length + 1);
      for (let i = 0; i < text.length; i++) this.bytes[pointer + i] = text.charCodeAt(i);
      this.bytes[pointer + text.length] = 0;
      this.#names.set(text, pointer);
    }
    return pointer;
  }

  /** How many arguments the running host function has. */
  argumentCount(L: number): number {
    const { words } = this;
    return (words[(L + TOP_OFFSET) >> 2]! - words[(L + BASE_OFFSET) >> 2]!) / VALUE_BYTES;
  }

  /** Where argument `index` (from 1) lies; behind the last there is nothing. */
  argument(L: number, index: number): number {
    return this.words[(L + BASE_OFFSET) >> 2]! + (index - 1) * VALUE_BYTES;
  }

  /** Where the value on top of the stack lies. */
  top(L: number): number {
    return this.words[(L + TOP_OFFSET) >> 2]! - VALUE_BYTES;
  }

  typeAt(value: number): number {
    return this.words[(value + TYPE_OFFSET) >> 2]!;
  }

  numberAt(value: number): number {
    return this.doubles[value >> 3]!;
  }

  stringLength(value: number): number {
    return this.words[(this.words[value >> 2]! + STRING_LENGTH_OFFSET) >> 2]!;
  }

  stringStart(value: number): number {
    return this.words[value >> 2]! + STRING_BYTES_OFFSET;
  }

  /** The string at a stack index (numbers become strings in place, as Lua does) as latin1; '' if it is none. */
  text(L: number, index: number): string {
    const { lua } = this;
    const start = lua.lua_tolstring(L, index, 0);
    if (start === 0) return '';
    return this.latin1(start, start + lua.lua_objlen(L, index));
  }

  /** As C sees the string: up to its first NUL. */
  cText(L: number, index: number): string {
    const text = this.text(L, index);
    const end = text.indexOf('\0');
    return end < 0 ? text : text.slice(0, end);
  }

  latin1(start: number, end: number): string {
    const { bytes } = this;
    if (end - start > 256)
      return Buffer.from(bytes.buffer as ArrayBuffer, start, end - start).toString('latin1');
    let text = '';
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
    return text;
  }

  /** Scratch memory of at least `length` bytes, valid until it is next asked for. 0 if there is none to be had. */
  scratch(length: number): number {
    if (
      length > this.#scratchBytes ||
      (this.#scratchBytes > SCRATCH_BYTES_KEPT && length <= SCRATCH_BYTES_INITIAL)
    ) {
      this.lua.free(this.#scratch);
      this.#scratchBytes = Math.max(length, SCRATCH_BYTES_INITIAL);
      this.#scratch = this.lua.malloc(this.#scratchBytes);
      if (this.#scratch === 0) this.#scratchBytes = 0;
    }
    return this.#scratch;
  }

  pushBytes(L: number, source: Uint8Array, start = 0, end = source.length): void {
    const length = end - start;
    const at = this.#scratchOrError(L, length);
    const { bytes } = this;
    if (length <= 48) for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!;
    else bytes.set(source.subarray(start, end), at);
    this.lua.lua_pushlstring(L, at, length);
  }

  /** A latin1 text. */
  pushText(L: number, text: string): void {
    const at = this.#scratchOrError(L, text.length);
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
    this.lua.lua_pushlstring(L, at, text.length);
  }

  #scratchOrError(L: number, length: number): number {
    const at = this.scratch(length);
    if (at === 0) {
      this.scratch(0);
      this.raiseText(L, 'not enough memory');
    }
    return at;
  }

  /** Raises a Lua error with this text as it is. */
  raiseText(L: number, text: string): never {
    this.pushText(L, text);
    this.lua.lua_error(L);
    throw new LuaCrash('lua_error came back');
  }

  /** Raises a Lua error that says where the running host function was called: C's luaL_error. */
  raise(L: number, text: string): never {
    this.lua.luaL_where(L, 1);
    this.pushText(L, text);
    this.lua.lua_concat(L, 2);
    this.lua.lua_error(L);
    throw new LuaCrash('lua_error came back');
  }

  /** `bad argument #1 to 'name' (text)`. */
  raiseArgument(L: number, argument: number, text: string): never {
    this.pushText(L, text);
    this.lua.luaL_argerror(L, argument, this.lua.lua_tolstring(L, -1, 0));
    throw new LuaCrash('luaL_argerror came back');
  }

  /** Sets `name` of the table at `index` to a host function. */
  setFunction(L: number, index: number, name: string, func: HostFunction): void {
    const absolute = index < 0 && index > -1000 ? index - 1 : index;
    this.lua.lua_pushcclosure(L, this.hostFunction(func), 0);
    this.lua.lua_setfield(L, absolute, this.name(name));
  }

  setNumber(L: number, index: number, name: string, value: number): void {
    this.lua.lua_pushnumber(L, value);
    this.lua.lua_setfield(L, index < 0 && index > -1000 ? index - 1 : index, this.name(name));
  }

  setText(L: number, index: number, name: string, value: string): void {
    this.pushText(L, value);
    this.lua.lua_setfield(L, index < 0 && index > -1000 ? index - 1 : index, this.name(name));
  }

  /** What Lua holds of memory. */
  usedBytes(): number {
    const { lua, state } = this;
    return lua.lua_gc(state, GC_COUNT, 0) * 1024 + lua.lua_gc(state, GC_COUNT_REMAINDER, 0);
  }

  pop(L: number, count = 1): void {
    this.lua.lua_settop(L, -count - 1);
  }
}
