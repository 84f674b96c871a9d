/**
 * The globals that a script sees, as Redis makes them: the libraries of Lua without files and processes, none of it writable.
 *
 * Redis's own Lua has tables that refuse writes; a stock Lua has not. So each table that scripts must not change is hidden behind an empty
 * one whose metatable reads from it and refuses to write. What would look through or write past such a front (`next`, `rawset`,
 * `getmetatable`, `table.insert`, ...) is wrapped: it knows fronts by their address, which never changes, as they live as long as the machine.
 *
 * Stack of the main state, for as long as it lives: 1 the error handler, 2 the real globals.
 */
import { GLOBALS, MULTIPLE, REGISTRY, TYPE_LIGHT_USERDATA, TYPE_STRING, TYPE_TABLE } from './luaExports.ts';
import { type HostFunction, LuaCrash, type LuaMachine } from './luaMachine.ts';
import { PRELUDE } from './prelude.ts';

export const HANDLER_SLOT = 1;
export const GLOBALS_SLOT = 2;

/** What is left of Lua's base library. */
const BASE_NAMES = new Set(
  (
    'xpcall tostring getfenv setmetatable next assert tonumber rawequal collectgarbage getmetatable rawset pcall coroutine type _G ' +
    'select unpack gcinfo pairs rawget loadstring ipairs _VERSION setfenv load error newproxy table string math debug'
  ).split(' '),
);

const READ_ONLY = 'Attempt to modify a readonly table';
const ESCAPE = 27;

export class Sandbox {
  readonly machine: LuaMachine;
  /** Fronts, by address: the reference of what is behind each. */
  readonly #fronts = new Map<number, number>();
  readonly #refuseRef: number;
  readonly #nextRef: number;
  /** Metatables that can be seen: what `getmetatable` answers in place of the address's own. */
  readonly #shownMetatables = new Map<number, number>();

  /** Of the globals' front: what it reads from can be exchanged for a while. */
  #globalsMetatable = 0;

  /** @param define sets further globals; they are on the stack's top. What is a table is sealed like the others. */
  constructor(machine: LuaMachine, define: (L: number, machine: LuaMachine) => void) {
    this.machine = machine;
    const { lua, state: L } = machine;
    for (const open of [
      lua.luaopen_base,
      lua.luaopen_table,
      lua.luaopen_string,
      lua.luaopen_math,
      lua.luaopen_debug,
    ]) {
      lua.lua_pushcclosure(L, machine.place(open), 0);
      lua.lua_call(L, 0, 0);
    }
    lua.lua_settop(L, 0);
    this.#loadHandler(L);
    lua.lua_pushvalue(L, GLOBALS);
    this.#dropForeign(L);
    lua.lua_pushcclosure(L, machine.hostFunction(this.#refuse), 0);
    this.#refuseRef = lua.luaL_ref(L, REGISTRY);
    this.#wrapLibraries(L);
    lua.lua_getfield(L, GLOBALS_SLOT, machine.name('next'));
    this.#nextRef = lua.luaL_ref(L, REGISTRY);
    define(L, machine);
    lua.lua_settop(L, GLOBALS_SLOT);
    this.#seal(L);
  }

  #loadHandler(L: number): void {
    const { machine } = this;
    const { lua } = machine;
    machine.pushText(L, PRELUDE);
    lua.luaL_loadbuffer(L, lua.lua_tolstring(L, -1, 0), PRELUDE.length, machine.name('@prelude'));
    lua.lua_call(L, 0, 2);
    this.#readerRef = lua.luaL_ref(L, REGISTRY);
    lua.lua_remove(L, 1);
  }

  #readerRef = 0;

  /** Takes away what scripts may not have. */
  #dropForeign(L: number): void {
    const { machine } = this;
    const { lua } = machine;
    const foreign: string[] = [];
    lua.lua_pushnil(L);
    while (lua.lua_next(L, GLOBALS_SLOT) !== 0) {
      machine.pop(L);
      const name = machine.text(L, -1);
      if (!BASE_NAMES.has(name) || name === 'debug') foreign.push(name);
    }
    for (const name of foreign) {
      lua.lua_pushnil(L);
      lua.lua_setfield(L, GLOBALS_SLOT, machine.name(name));
    }
    lua.lua_pushvalue(L, HANDLER_SLOT);
    lua.lua_setfield(L, GLOBALS_SLOT, machine.name('__redis__err__handler'));
  }

  // Wrapped functions ---------------------------------------------------------------------------------------------------------------

  #wrapLibraries(L: number): void {
    const { machine } = this;
    const { lua } = machine;
    const wrap = (
      library: string | undefined,
      name: string,
      make: (original: HostFunction) => HostFunction,
    ): void => {
      if (library === undefined) lua.lua_pushvalue(L, GLOBALS_SLOT);
      else lua.lua_getfield(L, GLOBALS_SLOT, machine.name(library));
      lua.lua_getfield(L, -1, machine.name(name));
      const original = machine.at(lua.lua_tocfunction(L, -1));
      machine.pop(L);
      machine.setFunction(L, -1, name, make(original));
      machine.pop(L);
    };
    const writing =
      (original: HostFunction): HostFunction =>
      (L) => {
        if (this.#isFront(L, 1)) machine.raiseText(L, READ_ONLY);
        return original(L);
      };
    const reading =
      (original: HostFunction): HostFunction =>
      (L) => {
        this.#lookBehind(L);
        return original(L);
      };
    wrap(undefined, 'setmetatable', writing);
    wrap(undefined, 'rawset', writing);
    for (const name of ['insert', 'remove', 'sort']) wrap('table', name, writing);
    wrap(undefined, 'next', reading);
    wrap(undefined, 'rawget', reading);
    for (const name of ['foreach', 'maxn']) wrap('table', name, reading);
    wrap(undefined, 'getmetatable', (original) => (L) => {
      const shown = this.#isFront(L, 1) ? this.#shownMetatables.get(lua.lua_topointer(L, 1)) : undefined;
      if (shown !== undefined) {
        lua.lua_rawgeti(L, REGISTRY, shown);
        return 1;
      }
      if (this.#isFront(L, 1)) {
        lua.lua_pushnil(L);
        return 1;
      }
      const results = original(L);
      const instead = this.#shownMetatables.get(lua.lua_topointer(L, -1));
      if (instead !== undefined) lua.lua_rawgeti(L, REGISTRY, instead);
      return results;
    });
    // `pairs` of a front goes over what is behind it without handing that out.
    wrap(undefined, 'pairs', (original) => (L) => {
      if (!this.#isFront(L, 1)) return original(L);
      lua.lua_rawgeti(L, REGISTRY, this.#nextRef);
      lua.lua_pushvalue(L, 1);
      lua.lua_pushnil(L);
      return 3;
    });
    wrap(undefined, 'pcall', () => this.#pcall);
    // cjson.null: C libraries do not agree on how a null pointer is printed.
    wrap(undefined, 'tostring', (original) => (L) => {
      const value = machine.argument(L, 1);
      const isNull = lua.lua_type(L, 1) === TYPE_LIGHT_USERDATA && machine.words[value >> 2] === 0;
      if (!isNull) return original(L);
      machine.pushText(L, 'userdata: (nil)');
      return 1;
    });
    wrap(undefined, 'loadstring', (original) => (L) => {
      this.#defuse(L);
      return original(L);
    });
    wrap(undefined, 'load', (original) => (L) => {
      if (machine.argumentCount(L) >= 1 && lua.lua_type(L, 1) === 6) {
        lua.lua_rawgeti(L, REGISTRY, this.#readerRef);
        lua.lua_pushvalue(L, 1);
        lua.lua_call(L, 1, 1);
        lua.lua_replace(L, 1);
      }
      return original(L);
    });
  }

  #isFront(L: number, index: number): boolean {
    return this.#fronts.has(this.machine.lua.lua_topointer(L, index));
  }

  #lookBehind(L: number): void {
    const behind = this.#fronts.get(this.machine.lua.lua_topointer(L, 1));
    if (behind === undefined) return;
    this.machine.lua.lua_rawgeti(L, REGISTRY, behind);
    this.machine.lua.lua_replace(L, 1);
  }

  /** Lua's compiled code is never loaded, it could break the machine: with a space before it is what it would be in Redis, a syntax error. */
  #defuse(L: number): void {
    const { machine } = this;
    const { lua } = machine;
    const code = machine.argument(L, 1);
    if (machine.argumentCount(L) === 0 || machine.typeAt(code) !== TYPE_STRING) return;
    if (machine.stringLength(code) === 0 || machine.bytes[machine.stringStart(code)] !== ESCAPE) return;
    if (machine.argumentCount(L) === 1) lua.lua_pushvalue(L, 1);
    machine.pushText(L, ' ');
    lua.lua_pushvalue(L, 1);
    lua.lua_concat(L, 2);
    lua.lua_replace(L, 1);
  }

  /** `pcall` as Redis has it: an error table's text is what scripts get, as before Redis 7. */
  #pcall: HostFunction = (L) => {
    const { lua } = this.machine;
    const count = this.machine.argumentCount(L);
    if (count === 0) this.machine.raiseArgument(L, 1, 'value expected');
    lua.lua_pushboolean(L, 1);
    lua.lua_insert(L, 1);
    if (lua.lua_pcall(L, count - 1, MULTIPLE, 0) !== 0) {
      lua.lua_remove(L, 1);
      if (lua.lua_type(L, -1) === TYPE_TABLE) {
        lua.lua_getfield(L, -1, this.machine.name('err'));
        const type = lua.lua_type(L, -1);
        if (type === TYPE_STRING || type === 3) lua.lua_replace(L, -2);
      }
      lua.lua_pushboolean(L, 0);
      lua.lua_insert(L, 1);
    }
    return lua.lua_gettop(L);
  };

  #refuse: HostFunction = (L) => this.machine.raise(L, READ_ONLY);

  /** Reading a global that is not there. */
  #missing: HostFunction = (L) => {
    const { lua, machine } = { lua: this.machine.lua, machine: this.machine };
    if (machine.argumentCount(L) !== 2)
      machine.raise(L, 'Wrong number of arguments to luaProtectedTableError');
    const type = lua.lua_type(L, 2);
    if (type !== TYPE_STRING && type !== 3)
      machine.raise(L, 'Second argument to luaProtectedTableError must be a string or number');
    return machine.raise(
      L,
      `Script attempted to access nonexistent global variable '${machine.cText(L, 2)}'`,
    );
  };

  // Fronts ----------------------------------------------------------------------------------------------------------------------------

  /** Puts fronts before all tables among the globals, and before the globals themselves. */
  #seal(L: number): void {
    const { machine } = this;
    const { lua } = machine;
    const tables: string[] = [];
    lua.lua_pushnil(L);
    while (lua.lua_next(L, GLOBALS_SLOT) !== 0) {
      const isTable = lua.lua_type(L, -1) === TYPE_TABLE;
      machine.pop(L);
      const name = machine.text(L, -1);
      if (isTable && name !== '_G') tables.push(name);
    }
    for (const name of tables) {
      lua.lua_getfield(L, GLOBALS_SLOT, machine.name(name));
      this.#pushFront(L);
      lua.lua_setfield(L, GLOBALS_SLOT, machine.name(name));
    }
    // What is read past the end of the globals is an error, and their metatable shows it.
    lua.lua_createtable(L, 0, 1);
    machine.setFunction(L, -1, '__index', this.#missing);
    lua.lua_pushvalue(L, -1);
    lua.lua_setmetatable(L, GLOBALS_SLOT);
    this.#pushFront(L);
    const shown = lua.luaL_ref(L, REGISTRY);
    lua.lua_pushvalue(L, GLOBALS_SLOT);
    this.#pushFront(L);
    this.#shownMetatables.set(lua.lua_topointer(L, -1), shown);
    lua.lua_getmetatable(L, -1);
    this.#globalsMetatable = lua.luaL_ref(L, REGISTRY);
    lua.lua_pushvalue(L, -1);
    lua.lua_setfield(L, GLOBALS_SLOT, machine.name('_G'));
    lua.lua_replace(L, GLOBALS);
    this.#sealStrings(L);
  }

  /** The metatable of all strings reads from the real library, and would let scripts change what all of them do. */
  #sealStrings(L: number): void {
    const { lua } = this.machine;
    this.machine.pushText(L, '');
    lua.lua_getmetatable(L, -1);
    const address = lua.lua_topointer(L, -1);
    lua.lua_createtable(L, 0, 1);
    lua.lua_getfield(L, GLOBALS_SLOT, this.machine.name('string'));
    lua.lua_setfield(L, -2, this.machine.name('__index'));
    this.#pushFront(L);
    this.#shownMetatables.set(address, lua.luaL_ref(L, REGISTRY));
    lua.lua_settop(L, GLOBALS_SLOT);
  }

  /** Replaces the table on top of the stack by a front of it. */
  #pushFront(L: number): void {
    const { lua } = this.machine;
    lua.lua_createtable(L, 0, 0);
    lua.lua_createtable(L, 0, 2);
    lua.lua_pushvalue(L, -3);
    lua.lua_setfield(L, -2, this.machine.name('__index'));
    lua.lua_rawgeti(L, REGISTRY, this.#refuseRef);
    lua.lua_setfield(L, -2, this.machine.name('__newindex'));
    lua.lua_setmetatable(L, -2);
    lua.lua_insert(L, -2);
    const behind = lua.luaL_ref(L, REGISTRY);
    const address = lua.lua_topointer(L, -1);
    this.#fronts.set(address, behind);
    // The registry holds the front too: its address stays its own.
    lua.lua_pushvalue(L, -1);
    lua.luaL_ref(L, REGISTRY);
  }

  /**
   * Pops a table and makes globals of it that can stand in for the real ones: its tables sealed, and reading what is not there an error, in them too.
   * @returns a reference for `withGlobals`.
   */
  prepareGlobals(tables: readonly string[]): number {
    const { machine } = this;
    const { lua, state: L } = machine;
    lua.lua_createtable(L, 0, 1);
    machine.setFunction(L, -1, '__index', this.#missing);
    for (const name of tables) {
      lua.lua_getfield(L, -2, machine.name(name));
      lua.lua_pushvalue(L, -2);
      lua.lua_setmetatable(L, -2);
      this.#pushFront(L);
      lua.lua_setfield(L, -3, machine.name(name));
    }
    lua.lua_setmetatable(L, -2);
    return lua.luaL_ref(L, REGISTRY);
  }

  /** Runs `action` while the globals are those of `prepareGlobals`. */
  withGlobals(globals: number, action: () => void): void {
    const { lua, state: L } = this.machine;
    const show = (): void => {
      lua.lua_rawgeti(L, REGISTRY, this.#globalsMetatable);
      lua.lua_insert(L, -2);
      lua.lua_setfield(L, -2, this.machine.name('__index'));
      this.machine.pop(L);
    };
    lua.lua_rawgeti(L, REGISTRY, globals);
    show();
    action();
    lua.lua_pushvalue(L, GLOBALS_SLOT);
    show();
  }

  /** Compiles `code` under a chunk name. @returns a reference to the function, or the error's text. */
  compile(code: Uint8Array, from: number, chunkName: string): number | { error: string } {
    const { machine } = this;
    const { lua, state: L } = machine;
    // A copy apart: the compiler reads while the scratch memory may be asked for.
    const length = code.length - from;
    const copy = lua.malloc(length + 1);
    if (copy === 0) return { error: 'not enough memory' };
    machine.bytes.set(from === 0 ? code : code.subarray(from), copy);
    // Compiled code is not taken (see #defuse); no text begins with this byte.
    const isText = length === 0 || machine.bytes[copy] !== ESCAPE;
    const failed = isText ? lua.luaL_loadbuffer(L, copy, length, machine.name(chunkName)) : -1;
    lua.free(copy);
    if (failed === 0) return lua.luaL_ref(L, REGISTRY);
    if (!isText) return { error: `${chunkName.slice(1)}:1: unexpected symbol near 'char(27)'` };
    const error = machine.cText(L, -1);
    machine.pop(L);
    return { error };
  }

  forget(reference: number): void {
    this.machine.lua.luaL_unref(this.machine.state, REGISTRY, reference);
  }

  /** After an exception: whether the machine can go on. */
  static isCrash(thrown: unknown): boolean {
    return thrown instanceof LuaCrash || (thrown as { name?: string }).name === 'RuntimeError';
  }
}
