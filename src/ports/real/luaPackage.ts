/** The Lua engine from the package `wasmoon-lua5.1`, of which only the WebAssembly file is used. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileWasm, type WasmModule } from '../../base/webAssembly.ts';
import type { LuaBinary } from '../luaBinary.ts';

export class LuaPackage implements LuaBinary {
  #module: WasmModule | undefined;

  load(): WasmModule {
    if (this.#module === undefined) {
      const path = createRequire(import.meta.url).resolve('wasmoon-lua5.1/dist/liblua5.1.wasm');
      this.#module = compileWasm(readFileSync(path));
    }
    return this.#module;
  }
}
