/** The libraries that scripts have beside Lua's own. */
import type { ServerState } from '../../serverState.ts';
import type { LuaMachine } from '../engine/luaMachine.ts';
import { defineMathAndOs } from './mathAndOs.ts';

export function defineLibraries(server: ServerState, machine: LuaMachine, L: number): void {
  defineMathAndOs(server.clock, machine, L);
}
