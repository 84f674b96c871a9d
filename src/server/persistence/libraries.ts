/** Libraries of functions, as a snapshot carries them: their source. Whoever runs functions takes the place of KeptLibraries. */
export interface LibraryStore {
  /** As FUNCTION DUMP would have them. */
  sources(): readonly Uint8Array[];
  /** One that a snapshot holds. Throws if it cannot be taken. */
  load(source: Uint8Array): void;
  clear(): void;
}

/** Keeps libraries that cannot be called, so that the next snapshot has them again. */
export class KeptLibraries implements LibraryStore {
  #sources: Uint8Array[] = [];
  readonly #warn: (line: string) => void;

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  sources(): readonly Uint8Array[] {
    return this.#sources;
  }

  load(source: Uint8Array): void {
    this.#sources.push(source);
    this.#warn(
      'A library of functions was loaded: it is kept and saved again, but its functions cannot be called.',
    );
  }

  clear(): void {
    this.#sources = [];
  }
}
