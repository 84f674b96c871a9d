/**
 * `redis.call` and `redis.pcall`: a command run by a script, with the checks that Redis makes there. The arguments stay in Lua's memory: the
 * command reads them where they are, and numbers are written as text into scratch memory beside them.
 */
import { formatDouble } from '../../base/double.ts';
import { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import type { ServerState } from '../serverState.ts';
import { TYPE_NUMBER, TYPE_STRING } from './engine/luaExports.ts';
import type { LuaMachine } from './engine/luaMachine.ts';
import { pushError } from './errorTable.ts';
import { ReplyToLua } from './replyToLua.ts';
import type { ScriptRun } from './scriptRun.ts';

const NO_ARGUMENTS = 'Please specify at least one argument for this redis lib call';
const WRONG_ARGUMENTS = 'Lua redis lib command arguments must be strings or integers';
const UNKNOWN = 'Unknown Redis command called from script';
const WRONG_NUMBER = 'Wrong number of args calling Redis command from script';
const NOT_ALLOWED = 'This Redis command is not allowed from script';
const READ_ONLY = 'Write commands are not allowed from read-only scripts.';
const OUT_OF_MEMORY = "-OOM command not allowed when used memory > 'maxmemory'.";

/** Longest text of a double or of a 64-bit integer. */
const NUMBER_BYTES_MAX = 32;
/** Whole numbers up to here are written with all their digits, as Redis's double2ll has it. */
const INTEGER_MAX = 2 ** 62;

export class ScriptCalls {
  readonly #server: ServerState;
  readonly #machine: LuaMachine;
  readonly #args = new Arguments(16);
  readonly #toLua: ReplyToLua;
  /** True while a command runs: what is thrown then is no fault of Lua's. */
  isInside = false;

  constructor(server: ServerState, machine: LuaMachine) {
    this.#server = server;
    this.#machine = machine;
    this.#toLua = new ReplyToLua(machine);
  }

  /** The running host function's arguments as a command's; or the error. */
  readArguments(L: number): Arguments | string {
    const machine = this.#machine;
    const { lua } = machine;
    const count = machine.argumentCount(L);
    if (count === 0) return NO_ARGUMENTS;
    const args = this.#args;
    args.count = 0;
    let numbers = 0;
    const first = machine.argument(L, 1);
    for (let i = 0; i < count; i++) if (machine.typeAt(first + i * 16) === TYPE_NUMBER) numbers++;
    let at = numbers === 0 ? 0 : machine.scratch(numbers * NUMBER_BYTES_MAX);
    args.buffer = machine.bytes;
    for (let i = 0; i < count; i++) {
      const value = first + i * 16;
      const type = machine.typeAt(value);
      if (type === TYPE_STRING) {
        const start = machine.stringStart(value);
        args.push(start, start + machine.stringLength(value));
      } else if (type === TYPE_NUMBER) {
        const end = this.#writeNumber(machine.numberAt(value), at);
        args.push(at, end);
        at = end;
      } else {
        lua.lua_settop(L, 0);
        return WRONG_ARGUMENTS;
      }
    }
    return args;
  }

  #writeNumber(value: number, at: number): number {
    const isWhole = Math.abs(value) <= INTEGER_MAX && Number.isInteger(value);
    const text = isWhole
      ? String(Number.isSafeInteger(value) ? value + 0 : BigInt(value))
      : formatDouble(value);
    const { bytes } = this.#machine;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
    return at + text.length;
  }

  /** Runs the command on the stack and pushes what it answered. @returns whether that is an error. */
  call(L: number, run: ScriptRun): boolean {
    const machine = this.#machine;
    const args = this.readArguments(L);
    if (typeof args === 'string') {
      pushError(machine, L, args);
      return true;
    }
    const server = this.#server;
    const entry = this.find(args);
    const problem = this.#problemOf(entry, args, run);
    if (problem !== undefined) {
      if (entry !== undefined) server.stats.rejectedByCommand[entry.number]!++;
      server.stats.countError(problem.startsWith('-') ? problem.slice(1, problem.indexOf(' ')) : 'ERR');
      machine.lua.lua_settop(L, 0);
      pushError(machine, L, problem, true);
      return true;
    }
    if (entry!.isWrite) run.hasWritten = true;
    this.isInside = true;
    const reply = server.callApart(entry!, args, run.protocol);
    this.isInside = false;
    machine.lua.lua_settop(L, 0);
    this.#toLua.push(L, reply);
    return reply[0] === 45;
  }

  /** Whether the script's user may run the command. */
  permits(entry: CommandEntry, args: Arguments): boolean {
    const { access, context } = this.#server;
    return !context.client.isRestricted || access.permits(context.client, entry, args);
  }

  /** As Redis looks a command up: a container's unknown subcommand is no command. */
  find(args: Arguments): CommandEntry | undefined {
    const entry = this.#server.find(args);
    return entry?.subcommands !== undefined && args.count >= 2 ? undefined : entry;
  }

  #problemOf(entry: CommandEntry | undefined, args: Arguments, run: ScriptRun): string | undefined {
    if (entry === undefined) return UNKNOWN;
    if (args.count < entry.arityMin || args.count > entry.arityMax) return WRONG_NUMBER;
    if (entry.deniedInScript) return NOT_ALLOWED;
    const { access, context } = this.#server;
    if (context.client.isRestricted) {
      const judgement = access.refuse(context.client, entry, args, 'lua');
      if (judgement !== undefined) return `ACL failure in script: ${judgement.text}`;
    }
    if (run.isReadOnly && (entry.isWrite || entry.mayReplicate)) return READ_ONLY;
    if (entry.deniesOutOfMemory && !run.hadRoom && !run.hasWritten && !run.allowsOutOfMemory)
      return OUT_OF_MEMORY;
    return this.#server.shard.count > 1 ? this.#server.refuseRemote(entry, args) : undefined;
  }
}
