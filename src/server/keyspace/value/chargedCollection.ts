/** The account of a collection that stands under a key: its bytes are on the factory's account, and follow its changes. */
import type { Collection, KeyspaceFactory, ValueTypeId } from '../keyspace.ts';

export abstract class ChargedCollection implements Collection {
  protected readonly storage: KeyspaceFactory;
  /** What stands on the factory's account for this collection; 0 unless adopted. */
  #chargedBytes = 0;

  constructor(storage: KeyspaceFactory) {
    this.storage = storage;
  }

  abstract readonly type: ValueTypeId;
  abstract encoding(): string;
  abstract memoryBytes(): number;
  abstract duplicate(): Collection;

  adopt(): void {
    const bytes = this.memoryBytes();
    this.storage.charge(bytes - this.#chargedBytes);
    this.#chargedBytes = bytes;
  }

  disown(): void {
    this.storage.charge(-this.#chargedBytes);
    this.#chargedBytes = 0;
  }

  release(): void {
    this.disown();
  }

  /** Brings the account up to date: to be called after changes. */
  settle(): void {
    if (this.#chargedBytes !== 0) this.adopt();
  }
}
