import type { WasmModule } from '../base/webAssembly.ts';

/** Where the Lua engine comes from: a WebAssembly build of Lua 5.1. Asked for at the first use of scripting. */
export interface LuaBinary {
  /** Compiles it, on the calling thread: some milliseconds once a process. Throws if it is not installed. */
  load(): WasmModule;
}
