/**
 * A shard's libraries of functions: FUNCTION and FCALL. They have a machine of their own, as in Redis, made when the first library is loaded and
 * again after one broke it: libraries are loaded anew then from their code.
 */
import { copyOf } from '../../../base/bytes.ts';
import type { Arguments } from '../../commands/arguments.ts';
import type { CommandContext } from '../../commands/command.ts';
import type { ServerState } from '../../serverState.ts';
import { GLOBALS_SLOT } from '../engine/sandbox.ts';
import { defineLibraries } from '../libraries/libraries.ts';
import { defineCalls, defineVersionAndLog } from '../libraries/redis.ts';
import { prepareRun } from '../prepareRun.ts';
import { FIRST_KEY, pushArray, readKeyCount } from '../scriptArguments.ts';
import { ScriptRunner } from '../scriptRunner.ts';
import { type Library, type LibraryFunction, readHead } from './library.ts';
import { registerFunction } from './registration.ts';

/** What Redis charges beside code: names, entries. As measured there it is about this. */
const LIBRARY_OVERHEAD_BYTES = 400;
const FUNCTION_OVERHEAD_BYTES = 200;

/** How FUNCTION RESTORE treats libraries that are there. */
export type RestorePolicy = 'append' | 'replace' | 'flush';

export class Functions {
  readonly #server: ServerState;
  #libraries = new Map<string, Library>();
  /** Of all libraries, by name in lower case: to a caller letters are the same. */
  #functions = new Map<string, LibraryFunction>();
  #runner: ScriptRunner | undefined;
  #loadGlobals = 0;
  /** Of the library that is being loaded. */
  #loading: Map<string, LibraryFunction> | undefined;

  constructor(server: ServerState) {
    this.#server = server;
  }

  /** In the order they came. */
  libraries(): Iterable<Library> {
    return this.#libraries.values();
  }

  get libraryCount(): number {
    return this.#libraries.size;
  }

  get functionCount(): number {
    return this.#functions.size;
  }

  /** Bytes of code and entries. */
  codeBytes(): number {
    let bytes = this.#functions.size * FUNCTION_OVERHEAD_BYTES;
    for (const { code } of this.#libraries.values()) bytes += code.length + LIBRARY_OVERHEAD_BYTES;
    return bytes;
  }

  /** Bytes that Lua holds; 0 before the first library. */
  machineBytes(): number {
    return this.#runner?.machine.usedBytes() ?? 0;
  }

  /** FCALL function numkeys [key ...] [arg ...]. */
  call(context: CommandContext, args: Arguments, isReadOnly: boolean): void {
    const called = this.#functions.get(args.text(1).toLowerCase());
    if (called === undefined) return context.reply.error('ERR Function not found');
    const keys = readKeyCount(context, args, 'ERR Bad number of keys provided');
    if (keys < 0) return;
    const run = prepareRun(context, called.name, false, called.flags, isReadOnly);
    if (run === undefined) return;
    const { scripting } = this.#server;
    scripting.running = run;
    let isSound = false;
    try {
      isSound = this.#machine().run(context, run, called.reference, (machine, L) => {
        pushArray(machine, L, args, FIRST_KEY, FIRST_KEY + keys);
        pushArray(machine, L, args, FIRST_KEY + keys, args.count);
        return 2;
      });
    } finally {
      scripting.running = undefined;
      if (!isSound) this.#reload();
    }
  }

  /** FUNCTION LOAD: the library's name; or the error, without its code. */
  load(code: Uint8Array, replaces: boolean): { name: string } | { error: string } {
    const library = this.#create(code, (name) => replaces || !this.#libraries.has(name));
    if ('error' in library) return library;
    const old = this.#libraries.get(library.name);
    for (const name of library.functions.keys()) {
      const known = this.#functions.get(name.toLowerCase());
      if (known === undefined || old?.functions.get(known.name) === known) continue;
      this.#forget(library);
      return { error: `Function ${name} already exists` };
    }
    if (old !== undefined) this.#remove(old);
    this.#add(library);
    return { name: library.name };
  }

  /** FUNCTION DELETE: whether there was such a library. */
  delete(name: string): boolean {
    const library = this.#libraries.get(name);
    if (library === undefined) return false;
    this.#remove(library);
    return true;
  }

  /** FUNCTION FLUSH: all libraries, and whatever they left in the machine. */
  flush(): void {
    this.#libraries.clear();
    this.#functions.clear();
    this.#runner = undefined;
  }

  /** FUNCTION RESTORE: all libraries or none. @returns the error, without its code. */
  restore(codes: readonly Uint8Array[], policy: RestorePolicy): string | undefined {
    const restored = new Map<string, Library>();
    const problem = this.#createAll(codes, restored) ?? this.#collision(restored, policy);
    if (problem !== undefined) {
      for (const library of restored.values()) this.#forget(library);
      return problem;
    }
    for (const old of [...this.#libraries.values()])
      if (policy === 'flush' || restored.has(old.name)) this.#remove(old);
    for (const library of restored.values()) this.#add(library);
    return undefined;
  }

  #createAll(codes: readonly Uint8Array[], into: Map<string, Library>): string | undefined {
    const names = new Set<string>();
    for (const code of codes) {
      const library = this.#create(code, (name) => !into.has(name));
      if ('error' in library) return library.error;
      into.set(library.name, library);
      for (const name of library.functions.keys()) {
        if (names.has(name.toLowerCase())) return `Function ${name} already exists`;
        names.add(name.toLowerCase());
      }
    }
    return undefined;
  }

  #collision(restored: ReadonlyMap<string, Library>, policy: RestorePolicy): string | undefined {
    if (policy === 'flush') return undefined;
    const kept = new Set(this.#functions.keys());
    for (const { name } of restored.values()) {
      const old = this.#libraries.get(name);
      if (old === undefined) continue;
      if (policy === 'append') return `Library ${name} already exists`;
      for (const gone of old.functions.keys()) kept.delete(gone.toLowerCase());
    }
    for (const library of restored.values())
      for (const name of library.functions.keys())
        if (kept.has(name.toLowerCase())) return `Function ${name} already exists`;
    return undefined;
  }

  // Libraries -------------------------------------------------------------------------------------------------------------------------

  /** Runs a library's code; what it registers belongs to nobody yet. */
  #create(code: Uint8Array, isFree: (name: string) => boolean): Library | { error: string } {
    const head = readHead(code);
    if (typeof head === 'string') return { error: head };
    if (!isFree(head.name)) return { error: `Library '${head.name}' already exists` };
    const library: Library = { name: head.name, code: copyOf(code), functions: new Map() };
    const error = this.#execute(library, head.length);
    if (error === undefined && library.functions.size > 0) return library;
    this.#forget(library);
    return { error: error ?? 'No functions registered' };
  }

  #execute(library: Library, headLength: number): string | undefined {
    const runner = this.#machine();
    let error: string | undefined;
    this.#loading = library.functions;
    try {
      runner.sandbox.withGlobals(this.#loadGlobals, () => {
        const main = runner.sandbox.compile(library.code, headLength, '@user_function');
        if (typeof main === 'object') {
          error = `Error compiling function: ${main.error}`;
          return;
        }
        const problem = runner.load(main);
        runner.sandbox.forget(main);
        if (problem !== undefined) error = `Error registering functions: ${problem}`;
      });
    } catch (thrown) {
      // The machine broke: what was registered on it went with it.
      library.functions.clear();
      this.#reload();
      return `Error registering functions: ERR ${String(thrown)}`;
    } finally {
      this.#loading = undefined;
    }
    return error;
  }

  #add(library: Library): void {
    this.#libraries.set(library.name, library);
    for (const added of library.functions.values()) this.#functions.set(added.name.toLowerCase(), added);
  }

  #remove(library: Library): void {
    this.#libraries.delete(library.name);
    for (const name of library.functions.keys()) this.#functions.delete(name.toLowerCase());
    this.#forget(library);
  }

  #forget({ functions }: Library): void {
    for (const { reference } of functions.values()) this.#runner?.sandbox.forget(reference);
  }

  /** After the machine broke: a new one, with all libraries. */
  #reload(): void {
    const libraries = [...this.#libraries.values()];
    this.flush();
    for (const { code } of libraries) this.load(code, false);
  }

  #machine(): ScriptRunner {
    this.#runner ??= this.#createRunner();
    return this.#runner;
  }

  #createRunner(): ScriptRunner {
    const server = this.#server;
    const runner = new ScriptRunner(server, (runner, machine, L) => {
      const { lua } = machine;
      defineLibraries(server, machine, L);
      lua.lua_createtable(L, 0, 24);
      defineCalls(runner.calls, runner.running, machine, L);
      defineVersionAndLog(server, machine, L);
      lua.lua_setfield(L, GLOBALS_SLOT, machine.name('redis'));
      lua.lua_pushnil(L);
      lua.lua_setfield(L, GLOBALS_SLOT, machine.name('__redis__err__handler'));
    });
    const { machine, sandbox } = runner;
    const { lua, state: L } = machine;
    lua.lua_createtable(L, 0, 1);
    lua.lua_createtable(L, 0, 8);
    machine.setFunction(L, -1, 'register_function', (L) => registerFunction(machine, L, this.#loading));
    defineVersionAndLog(server, machine, L);
    lua.lua_setfield(L, -2, machine.name('redis'));
    this.#loadGlobals = sandbox.prepareGlobals(['redis']);
    return runner;
  }
}
