/** The libraries that scripts have beside Lua's own. */
import type { ServerState } from '../../serverState.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { GLOBALS_SLOT } from '../engine/sandbox.ts';
import { defineBit } from './bit.ts';
import { defineCjson } from './cjson.ts';
import { defineCmsgpack } from './cmsgpack.ts';
import { defineMathAndOs } from './mathAndOs.ts';
import { defineStruct } from './struct.ts';

const TABLES = { bit: defineBit, cjson: defineCjson, cmsgpack: defineCmsgpack, struct: defineStruct };

export function defineLibraries(server: ServerState, machine: LuaMachine, L: number): void {
  defineMathAndOs(server.clock, machine, L);
  for (const [name, define] of Object.entries(TABLES)) {
    define(machine, L);
    machine.lua.lua_setfield(L, GLOBALS_SLOT, machine.name(name));
  }
}
