/** The part of the WebAssembly interface that the server uses: it belongs to the types of browsers, which this project does without. */

/** Compiled, not yet alive. Opaque. */
export interface WasmModule {
  readonly wasmModule?: never;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** By so many pages of 64 KiB. Throws RangeError if there is no memory. Views of the old buffer are empty then. */
  grow(pages: number): number;
}

export interface WasmTable {
  get(index: number): unknown;
  set(index: number, value: unknown): void;
  /** @returns the length before. */
  grow(by: number): number;
}

/** By module and name. */
export type WasmImports = Record<string, Record<string, unknown>>;

interface WasmInterface {
  Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(module: WasmModule): { module: string; name: string }[];
  };
  Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: Record<string, unknown> };
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WasmInterface };

/** Compiles on the calling thread. Throws on bytes that are no module. */
export const compileWasm = (bytes: Uint8Array): WasmModule => new WebAssembly.Module(bytes);

export const importsOfWasm = (module: WasmModule): { module: string; name: string }[] =>
  WebAssembly.Module.imports(module);

/** @returns its exports. */
export const startWasm = (module: WasmModule, imports: WasmImports): Record<string, unknown> =>
  new WebAssembly.Instance(module, imports).exports;
