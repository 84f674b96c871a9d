/** `redis.register_function`, while a library is loaded. */
import {
  REGISTRY,
  TYPE_FUNCTION,
  TYPE_NIL,
  TYPE_NUMBER,
  TYPE_STRING,
  TYPE_TABLE,
} from '../engine/luaExports.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { raiseError } from '../errorTable.ts';
import { FLAG_NAMES, flagsOf } from '../shebang.ts';
import { isName, type LibraryFunction, WRONG_NAME } from './library.ts';

interface Described {
  name?: string;
  description?: string;
  reference?: number;
  flagNames: string[];
}

const isText = (type: number): boolean => type === TYPE_STRING || type === TYPE_NUMBER;

/** @param loading the functions of the library that is loaded; undefined while none is. */
export function registerFunction(
  machine: LuaMachine,
  L: number,
  loading: Map<string, LibraryFunction> | undefined,
): number {
  if (loading === undefined)
    return raiseError(machine, L, 'redis.register_function can only be called on FUNCTION LOAD command');
  const described: Described = { flagNames: [] };
  const count = machine.argumentCount(L);
  let problem: string | undefined;
  if (count < 1 || count > 2) problem = 'wrong number of arguments to redis.register_function';
  else problem = count === 1 ? readNamed(machine, L, described) : readPositional(machine, L, described);
  problem ??= add(described, loading);
  if (problem === undefined) return 0;
  if (described.reference !== undefined) machine.lua.luaL_unref(L, REGISTRY, described.reference);
  return raiseError(machine, L, problem);
}

function readPositional(machine: LuaMachine, L: number, described: Described): string | undefined {
  const { lua } = machine;
  if (!isText(lua.lua_type(L, 1))) return 'first argument to redis.register_function must be a string';
  if (lua.lua_type(L, 2) !== TYPE_FUNCTION)
    return 'second argument to redis.register_function must be a function';
  described.name = machine.text(L, 1);
  described.reference = lua.luaL_ref(L, REGISTRY);
  return undefined;
}

function readNamed(machine: LuaMachine, L: number, described: Described): string | undefined {
  const { lua } = machine;
  if (lua.lua_type(L, 1) !== TYPE_TABLE) {
    return 'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).';
  }
  lua.lua_pushnil(L);
  while (lua.lua_next(L, 1) !== 0) {
    if (!isText(lua.lua_type(L, -2)))
      return 'named argument key given to redis.register_function is not a string';
    // A copy of the key is read: a number must not become a string in place while the table is gone through.
    lua.lua_pushvalue(L, -2);
    const key = machine.cText(L, -1).toLowerCase();
    machine.pop(L);
    const problem = readOne(machine, L, key, described);
    if (problem !== undefined) return problem;
    machine.pop(L);
  }
  if (described.name === undefined) return 'redis.register_function must get a function name argument';
  if (described.reference === undefined) return 'redis.register_function must get a callback argument';
  return undefined;
}

/** The value on top, which stays. */
function readOne(machine: LuaMachine, L: number, key: string, described: Described): string | undefined {
  const { lua } = machine;
  const type = lua.lua_type(L, -1);
  switch (key) {
    case 'function_name':
      if (!isText(type)) return 'function_name argument given to redis.register_function must be a string';
      described.name = machine.text(L, -1);
      return undefined;
    case 'description':
      if (!isText(type)) return 'description argument given to redis.register_function must be a string';
      described.description = machine.text(L, -1);
      return undefined;
    case 'callback':
      if (type !== TYPE_FUNCTION)
        return 'callback argument given to redis.register_function must be a function';
      lua.lua_pushvalue(L, -1);
      described.reference = lua.luaL_ref(L, REGISTRY);
      return undefined;
    case 'flags':
      if (type !== TYPE_TABLE)
        return 'flags argument to redis.register_function must be a table representing function flags';
      return readFlags(machine, L, described) ? undefined : 'unknown flag given';
    default:
      return 'unknown argument given to redis.register_function';
  }
}

function readFlags(machine: LuaMachine, L: number, described: Described): boolean {
  const { lua } = machine;
  const given = new Set<string>();
  for (let i = 1; ; i++) {
    lua.lua_pushnumber(L, i);
    lua.lua_gettable(L, -2);
    const type = lua.lua_type(L, -1);
    const name = isText(type) ? machine.cText(L, -1).toLowerCase() : '';
    machine.pop(L);
    if (type === TYPE_NIL) break;
    if (!(FLAG_NAMES as readonly string[]).includes(name)) return false;
    given.add(name);
  }
  described.flagNames = FLAG_NAMES.filter((name) => given.has(name));
  return true;
}

function add(
  { description, flagNames, name, reference }: Described,
  loading: Map<string, LibraryFunction>,
): string | undefined {
  if (!isName(name!)) return WRONG_NAME;
  if (loading.has(name!)) return 'Function already exists in the library';
  loading.set(name!, {
    name: name!,
    description,
    flagNames,
    flags: flagsOf(flagNames),
    reference: reference!,
  });
  return undefined;
}
