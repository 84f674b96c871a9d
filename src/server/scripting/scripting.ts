/**
 * A shard's scripts: EVAL, EVALSHA and SCRIPT. The Lua engine is loaded when the first script comes, and again after one broke it: scripts are
 * compiled anew then from their bodies.
 */
import { copyOf } from '../../base/bytes.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { CommandContext } from '../commands/command.ts';
import { NOT_AN_INTEGER } from '../commands/errors.ts';
import type { ServerState } from '../serverState.ts';
import type { LuaMachine } from './engine/luaMachine.ts';
import { GLOBALS_SLOT } from './engine/sandbox.ts';
import { defineLibraries } from './libraries/libraries.ts';
import { defineCalls, defineDebugging, defineVersionAndLog } from './libraries/redis.ts';
import { prepareRun } from './prepareRun.ts';
import { FIRST_KEY, pushArray, readKeyCount } from './scriptArguments.ts';
import { type CachedScript, ScriptCache } from './scriptCache.ts';
import { scriptDigest } from './scriptDigest.ts';
import type { ScriptRun } from './scriptRun.ts';
import { ScriptRunner } from './scriptRunner.ts';
import { readShebang } from './shebang.ts';

const NO_SCRIPT = 'NOSCRIPT No matching script. Please use EVAL.';
const SHA_LENGTH = 40;

export class Scripting {
  readonly #server: ServerState;
  readonly #cache = new ScriptCache();
  #runner: ScriptRunner | undefined;
  /** The script that EVALSHA ran last, and its digest as the client wrote it: most clients run one script many times. */
  #lastScript: CachedScript | undefined;
  #lastSha: Uint8Array = new Uint8Array(0);
  /** What runs now, on this machine or on that of functions. */
  running: ScriptRun | undefined;

  constructor(server: ServerState) {
    this.#server = server;
  }

  // Commands ------------------------------------------------------------------------------------------------------------------------

  /** EVAL script numkeys [key ...] [arg ...]. */
  eval(context: CommandContext, args: Arguments, isReadOnly: boolean): void {
    const keys = readKeyCount(context, args, NOT_AN_INTEGER);
    if (keys < 0) return;
    const script = this.#define(context, args.view(1), true);
    if (script !== undefined) this.#run(context, args, keys, script, isReadOnly);
  }

  /** EVALSHA sha1 numkeys [key ...] [arg ...]. */
  evalSha(context: CommandContext, args: Arguments, isReadOnly: boolean): void {
    if (args.length(1) !== SHA_LENGTH) return context.reply.error(NO_SCRIPT);
    const keys = readKeyCount(context, args, NOT_AN_INTEGER);
    if (keys < 0) return;
    const script = this.#find(args);
    if (script === undefined) return context.reply.error(NO_SCRIPT);
    this.#run(context, args, keys, script, isReadOnly);
  }

  /** SCRIPT LOAD: the digest, or undefined once the error has been said. */
  load(context: CommandContext, body: Uint8Array): string | undefined {
    return this.#define(context, body, false)?.sha;
  }

  /** SCRIPT EXISTS. @param sha in lower case. */
  has(sha: string): boolean {
    return this.#cache.has(sha);
  }

  /** SCRIPT FLUSH: forgets all scripts, and whatever they left in the machine. */
  flush(): void {
    this.#cache.clear();
    this.#lose();
  }

  // Figures of INFO -----------------------------------------------------------------------------------------------------------------

  get count(): number {
    return this.#cache.size;
  }

  get evictions(): number {
    return this.#cache.evictions;
  }

  /** Bytes of the scripts' texts and their entries. */
  cacheBytes(): number {
    return this.#cache.bytes();
  }

  /** Bytes that Lua holds; 0 before the first script. */
  machineBytes(): number {
    return this.#runner === undefined ? 0 : this.#runner.machine.usedBytes();
  }

  // Scripts --------------------------------------------------------------------------------------------------------------------------

  #find(args: Arguments): CachedScript | undefined {
    const start = args.starts[1]!;
    const last = this.#lastSha;
    const { buffer } = args;
    let same = last.length;
    for (let i = 0; i < last.length; i++) {
      if (buffer[start + i] !== last[i]) {
        same = 0;
        break;
      }
    }
    if (same === SHA_LENGTH) return this.#lastScript;
    const script = this.#cache.get(args.text(1).toLowerCase());
    if (script === undefined) return undefined;
    this.#lastScript = script;
    this.#lastSha = args.copy(1);
    return script;
  }

  #define(context: CommandContext, body: Uint8Array, isEvictable: boolean): CachedScript | undefined {
    const sha = scriptDigest(body);
    const known = this.#cache.get(sha);
    if (known !== undefined) return known;
    const shebang = readShebang(body);
    if (typeof shebang === 'string') {
      context.reply.error(`ERR ${shebang}`);
      return undefined;
    }
    const { sandbox } = this.#machine();
    const reference = sandbox.compile(body, shebang.length, '@user_script');
    if (typeof reference === 'object') {
      context.reply.error(`ERR Error compiling script (new function): ${reference.error}`);
      return undefined;
    }
    const script = { sha, body: copyOf(body), flags: shebang.flags, reference, isEvictable };
    this.#cache.add(script, (evicted) => {
      sandbox.forget(evicted.reference);
      if (evicted === this.#lastScript) this.#forgetLast();
    });
    return script;
  }

  #machine(): ScriptRunner {
    this.#runner ??= new ScriptRunner(this.#server, (runner, machine, L) => {
      const { lua } = machine;
      defineLibraries(this.#server, machine, L);
      lua.lua_createtable(L, 0, 24);
      defineCalls(runner.calls, runner.running, machine, L);
      defineVersionAndLog(this.#server, machine, L);
      defineDebugging(machine, L);
      lua.lua_setfield(L, GLOBALS_SLOT, machine.name('redis'));
    });
    return this.#runner;
  }

  #forgetLast(): void {
    this.#lastScript = undefined;
    this.#lastSha = new Uint8Array(0);
  }

  /** Gives the machine up, with all that was compiled on it. */
  #lose(): void {
    this.#runner = undefined;
    this.#forgetLast();
  }

  #run(
    context: CommandContext,
    args: Arguments,
    keys: number,
    script: CachedScript,
    isReadOnly: boolean,
  ): void {
    const run = prepareRun(context, script.sha, true, script.flags, isReadOnly);
    if (run === undefined) return;
    this.running = run;
    let isSound = false;
    try {
      isSound = this.#machine().run(context, run, script.reference, (machine, L) => {
        setGlobalArray(machine, L, 'KEYS', args, FIRST_KEY, FIRST_KEY + keys);
        setGlobalArray(machine, L, 'ARGV', args, FIRST_KEY + keys, args.count);
        return 0;
      });
    } finally {
      this.running = undefined;
      if (isSound) this.#cache.used(script);
      else this.#recompile();
    }
  }

  /** After the machine broke: a new one, on which every script is compiled again. */
  #recompile(): void {
    const scripts = this.#cache.all();
    this.flush();
    for (const script of scripts) {
      const { sandbox } = this.#machine();
      const shebang = readShebang(script.body);
      const reference =
        typeof shebang === 'string'
          ? { error: shebang }
          : sandbox.compile(script.body, shebang.length, '@user_script');
      if (typeof reference === 'number') this.#cache.add({ ...script, reference }, () => {});
    }
  }
}

function setGlobalArray(
  machine: LuaMachine,
  L: number,
  name: string,
  args: Arguments,
  from: number,
  to: number,
): void {
  pushArray(machine, L, args, from, to);
  machine.lua.lua_setfield(L, GLOBALS_SLOT, machine.name(name));
}
