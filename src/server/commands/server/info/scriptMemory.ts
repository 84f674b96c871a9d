/** What scripts hold of memory. Lua's memory is beside that of data: maxmemory does not limit it, as in Redis. */
import type { ServerState } from '../../../serverState.ts';
import { humanBytes } from './humanBytes.ts';

export function scriptMemoryLines({ functions, scripting }: ServerState): string[] {
  const evalBytes = scripting.machineBytes();
  const scriptBytes = scripting.cacheBytes();
  const functionMachineBytes = functions.machineBytes();
  const functionBytes = functions.codeBytes();
  return [
    `used_memory_lua:${evalBytes}`,
    `used_memory_vm_eval:${evalBytes}`,
    `used_memory_lua_human:${humanBytes(evalBytes)}`,
    `used_memory_scripts_eval:${scriptBytes}`,
    `number_of_cached_scripts:${scripting.count}`,
    `number_of_functions:${functions.functionCount}`,
    `number_of_libraries:${functions.libraryCount}`,
    `used_memory_vm_functions:${functionMachineBytes}`,
    `used_memory_vm_total:${evalBytes + functionMachineBytes}`,
    `used_memory_vm_total_human:${humanBytes(evalBytes + functionMachineBytes)}`,
    `used_memory_functions:${functionBytes}`,
    `used_memory_scripts:${scriptBytes + functionBytes}`,
    `used_memory_scripts_human:${humanBytes(scriptBytes + functionBytes)}`,
  ];
}
