/** Scripts by their SHA1. Those that EVAL brought are forgotten when there are more than 500, the longest unused first. */
import type { ScriptFlags } from './shebang.ts';

export interface CachedScript {
  /** 40 hexadecimal digits in lower case. */
  readonly sha: string;
  readonly body: Uint8Array;
  /** Undefined without a shebang. */
  readonly flags: ScriptFlags | undefined;
  /** Reference to the compiled function. */
  readonly reference: number;
  /** Came by EVAL, not by SCRIPT LOAD. */
  readonly isEvictable: boolean;
}

const EVICTABLE_MAX = 500;
/** What Redis charges beside a body: its digest as a string, an entry, a node. As measured there it is about this. */
const OVERHEAD_BYTES = 160;

export class ScriptCache {
  readonly #scripts = new Map<string, CachedScript>();
  /** In order of last use. */
  readonly #evictable = new Map<string, CachedScript>();
  #latest: CachedScript | undefined;
  #bodyBytes = 0;
  evictions = 0;

  get size(): number {
    return this.#scripts.size;
  }

  bytes(): number {
    return this.#bodyBytes + this.#scripts.size * OVERHEAD_BYTES;
  }

  get(sha: string): CachedScript | undefined {
    return this.#scripts.get(sha);
  }

  has(sha: string): boolean {
    return this.#scripts.has(sha);
  }

  /** @param forget told of each script that makes room. */
  add(script: CachedScript, forget: (script: CachedScript) => void): void {
    if (script.isEvictable) {
      for (const [sha, oldest] of this.#evictable) {
        if (this.#evictable.size < EVICTABLE_MAX) break;
        this.#evictable.delete(sha);
        this.#scripts.delete(sha);
        this.#bodyBytes -= oldest.body.length;
        this.evictions++;
        forget(oldest);
      }
      this.#evictable.set(script.sha, script);
    }
    this.#scripts.set(script.sha, script);
    this.#bodyBytes += script.body.length;
  }

  /** It ran: it is forgotten last. */
  used(script: CachedScript): void {
    if (!script.isEvictable || script === this.#latest) return;
    this.#latest = script;
    this.#evictable.delete(script.sha);
    this.#evictable.set(script.sha, script);
  }

  all(): CachedScript[] {
    return [...this.#scripts.values()];
  }

  clear(): void {
    this.#scripts.clear();
    this.#evictable.clear();
    this.#latest = undefined;
    this.#bodyBytes = 0;
  }
}
