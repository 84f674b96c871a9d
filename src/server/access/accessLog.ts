/** ACL LOG: what was refused, newest first. What repeats within a minute is one entry that counts. */
import type { DenialReason } from './denial.ts';

export type RefusalReason = DenialReason | 'auth';
/** Where the command was: in a script `lua`. */
export type RefusalContext = 'toplevel' | 'multi' | 'lua';

export interface Refusal {
  readonly reason: RefusalReason;
  readonly context: RefusalContext;
  /** The command, key or channel; for a failed login the command that tried. Latin1. */
  readonly object: string;
  readonly userName: string;
}

export interface AccessLogEntry extends Refusal {
  readonly id: number;
  readonly createdMs: number;
  updatedMs: number;
  count: number;
  /** As CLIENT LIST shows who was last refused. */
  clientLine: string;
}

const SAME_WITHIN_MS = 60_000;
/** How many of the newest are looked at for one to be the same. */
const LOOKED_AT_MAX = 10;

export class AccessLog {
  #entries: AccessLogEntry[] = [];
  #nextId: number;
  readonly #idStep: number;

  /** @param shardCount no two shards give the same id. */
  constructor(shardIndex: number, shardCount: number) {
    this.#nextId = shardIndex;
    this.#idStep = shardCount;
  }

  /** Newest first. */
  get entries(): readonly AccessLogEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }

  /** @param lengthMax `acllog-max-len`. */
  add(refusal: Refusal, clientLine: string, nowMs: number, lengthMax: number): void {
    if (lengthMax > 0) {
      const place = this.#entries
        .slice(0, LOOKED_AT_MAX)
        .findIndex((entry) => isSame(entry, refusal) && Math.abs(nowMs - entry.updatedMs) <= SAME_WITHIN_MS);
      const known = place < 0 ? undefined : this.#entries.splice(place, 1)[0]!;
      this.#entries.unshift(known ?? this.#entry(refusal, nowMs));
      const entry = this.#entries[0]!;
      entry.count++;
      entry.updatedMs = nowMs;
      entry.clientLine = clientLine;
      // As in Redis, a new limit holds from the next new entry on.
      if (known !== undefined) return;
    }
    if (this.#entries.length > lengthMax) this.#entries.length = lengthMax;
  }

  #entry(refusal: Refusal, nowMs: number): AccessLogEntry {
    const id = this.#nextId;
    this.#nextId += this.#idStep;
    return { ...refusal, id, createdMs: nowMs, updatedMs: nowMs, count: 0, clientLine: '' };
  }
}

const isSame = (a: Refusal, b: Refusal): boolean =>
  a.reason === b.reason && a.context === b.context && a.object === b.object && a.userName === b.userName;
