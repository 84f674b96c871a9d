/** Libraries of functions, as snapshots and append-only files carry them: their source. */
import type { Functions } from '../scripting/functions/functions.ts';

export interface LibraryStore {
  /** As FUNCTION DUMP would have them. */
  sources(): readonly Uint8Array[];
  /** One that a file holds, in the place of one with its name. Throws if it cannot be taken. */
  load(source: Uint8Array): void;
}

/** Those that the server runs. */
export const librariesOf = (functions: () => Functions): LibraryStore => ({
  sources: () => [...functions().libraries()].map(({ code }) => code),
  load(source) {
    const loaded = functions().load(source, true);
    if ('error' in loaded) throw new Error(`a library of functions cannot be loaded: ${loaded.error}`);
  },
});
