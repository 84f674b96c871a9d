/** The table `redis` of scripts. */
import type { LogLevel } from '../../../ports/log.ts';
import { REDIS_VERSION_COMPATIBLE, type ServerState } from '../../serverState.ts';
import { TYPE_NUMBER, TYPE_STRING } from '../engine/luaExports.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { pushError, raiseError } from '../errorTable.ts';
import type { ScriptCalls } from '../scriptCalls.ts';
import { scriptDigest } from '../scriptDigest.ts';
import type { ScriptRun } from '../scriptRun.ts';

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];
const REPLICATION_FLAGS = { REPL_NONE: 0, REPL_AOF: 1, REPL_SLAVE: 2, REPL_REPLICA: 2, REPL_ALL: 3 };
/** 0x00MMmmpp. */
const VERSION_NUMBER = REDIS_VERSION_COMPATIBLE.split('.').reduce(
  (number, part) => number * 256 + Number(part),
  0,
);

/** What a library of functions may use while it is loaded, and scripts as well: versions and the log. Into the table on top. */
export function defineVersionAndLog(server: ServerState, machine: LuaMachine, L: number): void {
  const { lua } = machine;
  machine.setFunction(L, -1, 'log', (L) => {
    const count = machine.argumentCount(L);
    if (count < 2) return raiseError(machine, L, 'redis.log() requires two arguments or more.');
    const level = lua.lua_tonumber(L, 1);
    const isNumber =
      lua.lua_type(L, 1) === TYPE_NUMBER || (level !== 0 && lua.lua_type(L, 1) === TYPE_STRING);
    if (!isNumber) return raiseError(machine, L, 'First argument must be a number (log level).');
    const name = LOG_LEVELS[Math.trunc(level)];
    if (name === undefined) return raiseError(machine, L, 'Invalid log level.');
    const words: string[] = [];
    for (let i = 2; i <= count; i++) {
      const type = lua.lua_type(L, i);
      if (type === TYPE_STRING || type === TYPE_NUMBER) words.push(machine.text(L, i));
    }
    server.log.write(name, words.join(' '));
    return 0;
  });
  for (const [level, name] of LOG_LEVELS.entries())
    machine.setNumber(L, -1, `LOG_${name.toUpperCase()}`, level);
  machine.setText(L, -1, 'REDIS_VERSION', REDIS_VERSION_COMPATIBLE);
  machine.setNumber(L, -1, 'REDIS_VERSION_NUM', VERSION_NUMBER);
}

/**
 * What only a running script may use. Into the table on top.
 * @param running the script that runs; called by none other.
 */
export function defineCalls(
  calls: ScriptCalls,
  running: () => ScriptRun,
  machine: LuaMachine,
  L: number,
): void {
  const { lua } = machine;
  machine.setFunction(L, -1, 'call', (L) => (calls.call(L, running()) ? lua.lua_error(L) : 1));
  machine.setFunction(L, -1, 'pcall', (L) => {
    calls.call(L, running());
    return 1;
  });
  machine.setFunction(L, -1, 'setresp', (L) => {
    if (machine.argumentCount(L) !== 1)
      return raiseError(machine, L, 'redis.setresp() requires one argument.');
    const version = Math.trunc(lua.lua_tonumber(L, 1));
    if (version !== 2 && version !== 3) return raiseError(machine, L, 'RESP version must be 2 or 3.');
    running().protocol = version;
    return 0;
  });
  machine.setFunction(L, -1, 'sha1hex', (L) => {
    if (machine.argumentCount(L) !== 1) return raiseError(machine, L, 'wrong number of arguments');
    const start = lua.lua_tolstring(L, 1, 0);
    const length = start === 0 ? 0 : lua.lua_objlen(L, 1);
    machine.pushText(L, scriptDigest(machine.bytes.subarray(start, start + length)));
    return 1;
  });
  machine.setFunction(L, -1, 'error_reply', (L) => {
    if (!isOneString(machine, L)) {
      pushError(machine, L, 'wrong number or type of arguments');
      return 1;
    }
    const text = machine.cText(L, 1);
    pushError(machine, L, text.startsWith('-') ? text : `-${text}`);
    return 1;
  });
  machine.setFunction(L, -1, 'status_reply', (L) => {
    if (!isOneString(machine, L)) {
      pushError(machine, L, 'wrong number or type of arguments');
      return 1;
    }
    lua.lua_createtable(L, 0, 1);
    lua.lua_pushvalue(L, 1);
    lua.lua_setfield(L, -2, machine.name('ok'));
    return 1;
  });
  machine.setFunction(L, -1, 'set_repl', (L) => {
    if (machine.argumentCount(L) !== 1)
      return raiseError(machine, L, 'redis.set_repl() requires one argument.');
    // What is accepted has no effect: peers and the append-only file are told of all changes, whoever made them.
    if ((Math.trunc(lua.lua_tonumber(L, 1)) & ~REPLICATION_FLAGS.REPL_ALL) !== 0) {
      return raiseError(
        machine,
        L,
        'Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.',
      );
    }
    return 0;
  });
  machine.setFunction(L, -1, 'acl_check_cmd', (L) => {
    const args = calls.readArguments(L);
    if (typeof args === 'string') return raiseError(machine, L, args);
    const entry = calls.find(args);
    if (entry === undefined) return raiseError(machine, L, 'Invalid command passed to redis.acl_check_cmd()');
    lua.lua_pushboolean(L, calls.permits(entry, args) ? 1 : 0);
    return 1;
  });
  for (const [name, flag] of Object.entries(REPLICATION_FLAGS)) machine.setNumber(L, -1, name, flag);
}

/** What EVAL's scripts have and functions have not. Into the table on top. */
export function defineDebugging(machine: LuaMachine, L: number): void {
  // There is no debugger: Redis's functions answer this when it is off.
  machine.setFunction(L, -1, 'breakpoint', (L) => {
    machine.lua.lua_pushboolean(L, 0);
    return 1;
  });
  machine.setFunction(L, -1, 'debug', () => 0);
  machine.setFunction(L, -1, 'replicate_commands', (L) => {
    machine.lua.lua_pushboolean(L, 1);
    return 1;
  });
}

const isOneString = (machine: LuaMachine, L: number): boolean =>
  machine.argumentCount(L) === 1 && machine.lua.lua_type(L, 1) === TYPE_STRING;
