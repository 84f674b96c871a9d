/**
 * Command names to entries without making a string: an open-addressing table over the lower-cased bytes. Built once.
 * FNV-1a is enough here: the names are ours, only lookups are foreign, and a lookup's cost is bounded by the table's longest run.
 */
import type { CommandEntry, CommandTable } from '../commands/commandTable.ts';

const NAME_BYTES_MAX = 64;

export class CommandIndex {
  readonly #mask: number;
  readonly #entries: (CommandEntry | undefined)[];
  readonly #names: Uint8Array[];

  constructor(table: CommandTable) {
    let capacity = 16;
    while (capacity < table.count * 4) capacity *= 2;
    this.#mask = capacity - 1;
    this.#entries = new Array(capacity).fill(undefined);
    this.#names = new Array(capacity).fill(new Uint8Array(0));
    for (const entry of table.commands()) {
      const name = Uint8Array.from(entry.spec.name, (character) => character.charCodeAt(0));
      let slot = this.#hash(name, 0, name.length) & this.#mask;
      while (this.#entries[slot] !== undefined) slot = (slot + 1) & this.#mask;
      this.#entries[slot] = entry;
      this.#names[slot] = name;
    }
  }

  find(buffer: Uint8Array, start: number, end: number): CommandEntry | undefined {
    if (end - start > NAME_BYTES_MAX) return undefined;
    let slot = this.#hash(buffer, start, end) & this.#mask;
    while (true) {
      const entry = this.#entries[slot];
      if (entry === undefined) return undefined;
      const name = this.#names[slot]!;
      if (name.length === end - start) {
        let i = 0;
        while (i < name.length && lower(buffer[start + i]!) === name[i]) i++;
        if (i === name.length) return entry;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  #hash(buffer: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ lower(buffer[i]!), 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  }
}

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);
