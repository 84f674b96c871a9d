/** Libraries of functions, as snapshots and append-only files carry them: their source. */
import type { Functions } from '../scripting/functions/functions.ts';

export interface LibraryStore {
  /** As FUNCTION DUMP would have them. */
  sources(): readonly Uint8Array[];
  /** Takes one that a file holds, in the place of one with its name. @returns why it cannot be taken. */
  load(source: Uint8Array): string | undefined;
}

/** Those that the server runs. */
export const librariesOf = (functions: () => Functions): LibraryStore => ({
  sources: () => [...functions().libraries()].map(({ code }) => code),
  load(source) {
    const loaded = functions().load(source, true);
    return 'error' in loaded ? `a library of functions cannot be loaded: ${loaded.error}` : undefined;
  },
});
