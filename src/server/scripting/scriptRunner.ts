/**
 * Runs compiled Lua for a client: the run's facts, the hook that looks for a kill, the context that commands see meanwhile, and what becomes
 * of errors. One for each machine: EVAL's scripts and functions have one each, as in Redis.
 */
import type { CommandContext } from '../commands/command.ts';
import type { ServerState } from '../serverState.ts';
import {
  HOOK_COUNT,
  HOOK_LINE,
  REGISTRY,
  TYPE_NUMBER,
  TYPE_STRING,
  TYPE_TABLE,
} from './engine/luaExports.ts';
import { LuaMachine } from './engine/luaMachine.ts';
import { HANDLER_SLOT, Sandbox } from './engine/sandbox.ts';
import { raiseError } from './errorTable.ts';
import { LuaToReply } from './luaToReply.ts';
import { ScriptCalls } from './scriptCalls.ts';
import type { ScriptRun } from './scriptRun.ts';

/** Instructions between two looks at the clock: Redis's number. */
const INSTRUCTIONS_BETWEEN_LOOKS = 100_000;
const KILLED = 'Script killed by user with SCRIPT KILL...';
/** A library's code should register functions and no more. */
const LOAD_US_MAX = 500_000;
/** What Redis prints of an error that is no table. */
const TEXT_MAX = 100;

export class ScriptRunner {
  readonly machine: LuaMachine;
  readonly sandbox: Sandbox;
  readonly calls: ScriptCalls;
  readonly #server: ServerState;
  readonly #toReply: LuaToReply;
  readonly #hook: number;
  #run: ScriptRun | undefined;
  /** While a library is loaded: until when it may take; negative once that is past, 0 at other times. */
  #loadUntilUs = 0;

  /** @param define as for Sandbox. */
  constructor(server: ServerState, define: (runner: ScriptRunner, machine: LuaMachine, L: number) => void) {
    this.#server = server;
    this.machine = new LuaMachine(server.luaBinary.load());
    this.calls = new ScriptCalls(server, this.machine);
    this.sandbox = new Sandbox(this.machine, (L, machine) => define(this, machine, L));
    this.#toReply = new LuaToReply(this.machine, server.context.reply);
    this.#hook = this.machine.hostHook(this.#look);
    this.#watch();
  }

  /** The script that runs: for host functions, which nobody else calls. */
  readonly running = (): ScriptRun => this.#run!;

  /** Threads that a script makes inherit the hook. */
  #watch(): void {
    const { lua, state } = this.machine;
    lua.lua_sethook(state, this.#hook, HOOK_COUNT, INSTRUCTIONS_BETWEEN_LOOKS);
  }

  /** Runs a function without arguments that no client asked for: the code of a library. @returns the error's text. */
  load(reference: number): string | undefined {
    const { lua, state: L } = this.machine;
    this.#loadUntilUs = this.#server.clock.monotonicUs() + LOAD_US_MAX;
    lua.lua_rawgeti(L, REGISTRY, reference);
    const status = lua.lua_pcall(L, 0, 0, 0);
    if (this.#loadUntilUs < 0) this.#watch();
    this.#loadUntilUs = 0;
    if (status === 0) return undefined;
    const isTable = lua.lua_type(L, -1) === TYPE_TABLE;
    const text = isTable
      ? (this.#field(L, 'err') ?? 'ERR unknown error')
      : `ERR ${this.machine.cText(L, -1)}`;
    lua.lua_settop(L, HANDLER_SLOT + 1);
    return text;
  }

  /**
   * Whether a run that takes long is to end. Its thread reads no requests meanwhile, so SCRIPT KILL of another client is not heard: the operator's
   * word comes through shared memory. What has written goes on, as in Redis.
   */
  #judge(run: ScriptRun): void {
    const { clock, configuration, log } = this.#server;
    const thresholdMs = configuration.number('busy-reply-threshold');
    const elapsedMs = (clock.monotonicUs() - run.startedUs) / 1000;
    if (thresholdMs === 0 || elapsedMs < thresholdMs) return;
    if (!run.isKnownSlow) {
      run.isKnownSlow = true;
      log.write(
        'warning',
        `Slow script detected: still in execution after ${Math.round(elapsedMs)} milliseconds. ` +
          `SIGUSR2 ends it unless it has written. Script name is: ${run.name}.`,
      );
    }
    run.isKilled = !run.hasWritten && this.#server.killsAsked() !== run.killsBefore;
  }

  #lookAtLoad(L: number): void {
    if (this.#loadUntilUs > 0 && this.#server.clock.monotonicUs() <= this.#loadUntilUs) return;
    this.#loadUntilUs = -1;
    this.machine.lua.lua_sethook(L, this.#hook, HOOK_LINE, 0);
    raiseError(this.machine, L, 'FUNCTION LOAD timeout');
  }

  #look = (L: number): void => {
    if (this.#loadUntilUs !== 0) return this.#lookAtLoad(L);
    const run = this.#run;
    if (run === undefined) return;
    if (!run.isKilled) this.#judge(run);
    if (!run.isKilled) return;
    // From now on at every line: a script cannot go on by catching this.
    this.machine.lua.lua_sethook(L, this.#hook, HOOK_LINE, 0);
    raiseError(this.machine, L, KILLED);
  };

  /**
   * Runs a function for the context's client and says what it returned.
   * @param pushArguments pushes what it is called with. @returns false if the machine broke: it must not be used again.
   */
  run(
    context: CommandContext,
    run: ScriptRun,
    reference: number,
    pushArguments: (machine: LuaMachine, L: number) => number,
  ): boolean {
    const { lua, state: L } = this.machine;
    const { client, deniesBlocking, entry, reply } = context;
    const { dbIndex } = client;
    this.#run = run;
    context.deniesBlocking = true;
    try {
      lua.lua_rawgeti(L, REGISTRY, reference);
      const status = lua.lua_pcall(L, pushArguments(this.machine, L), 1, HANDLER_SLOT);
      context.reply = reply;
      if (status === 0) this.#toReply.say(L, run.protocol);
      else this.#sayError(context, run, L);
      lua.lua_settop(L, HANDLER_SLOT + 1);
      if (run.isKilled) this.#watch();
      return true;
    } catch (thrown) {
      // A command's own exception is for those who deal with such; anything else came of Lua, whose machine is lost.
      if (this.calls.isInside) throw thrown;
      context.reply = reply;
      context.reply.error(`ERR Error running script ${run.name}, ${crashText(thrown)}`);
      return false;
    } finally {
      this.#run = undefined;
      context.reply = reply;
      context.client = client;
      context.deniesBlocking = deniesBlocking;
      context.entry = entry;
      client.dbIndex = dbIndex;
      context.db = this.#server.databases[dbIndex]!;
    }
  }

  #sayError({ reply }: CommandContext, run: ScriptRun, L: number): void {
    const { machine } = this;
    const { lua } = machine;
    if (lua.lua_type(L, -1) !== TYPE_TABLE) {
      const text = lua.lua_type(L, -1) === TYPE_STRING ? machine.cText(L, -1) : 'execution failure';
      return reply.error(`ERR Error running script ${run.name}, ${text.slice(0, TEXT_MAX)}`);
    }
    let text = this.#field(L, 'err') ?? 'ERR unknown error';
    const source = this.#field(L, 'source');
    const line = this.#field(L, 'line');
    if (source !== undefined && line !== undefined) text += ` script: ${run.name}, on ${source}:${line}.`;
    lua.lua_getfield(L, -1, machine.name('ignore_error_stats_update'));
    if (lua.lua_toboolean(L, -1) !== 0) reply.errorOfPart(text);
    else reply.error(text);
  }

  #field(L: number, name: string): string | undefined {
    const { machine } = this;
    machine.lua.lua_getfield(L, -1, machine.name(name));
    const type = machine.lua.lua_type(L, -1);
    const text = type === TYPE_STRING || type === TYPE_NUMBER ? machine.cText(L, -1) : undefined;
    machine.pop(L);
    return text;
  }
}

/** The stack of JavaScript is the stack of Lua's C functions; Redis's is longer. */
const crashText = (thrown: unknown): string =>
  thrown instanceof RangeError ? 'stack overflow' : `execution failure: ${String(thrown)}`;
