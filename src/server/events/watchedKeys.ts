/**
 * WATCH: which clients want to know, at EXEC, whether any of their keys has changed since. Keys are remembered by database number
 * and name, so what SWAPDB puts under a name counts as a change of it.
 *
 * A key that had expired when it was watched, and was not removed yet, counts as absent: that it is removed at last is no change.
 */
import { toLatin1 } from '../../base/bytes.ts';

/** What of a database is asked here. */
export interface WatchedDatabase {
  readonly index: number;
  /** Whether the key is there; expired but not yet removed counts as there. */
  holds(key: Uint8Array): boolean;
  /** Whether it is there and its time has come. */
  holdsExpired(key: Uint8Array): boolean;
}

interface WatchedKey {
  readonly database: WatchedDatabase;
  readonly key: Uint8Array;
  readonly name: string;
  /** It had expired when it was watched, and nothing has happened since. */
  wasExpired: boolean;
}

/** All that one client watches. */
export class Watch {
  readonly keys: WatchedKey[] = [];
  /** One of the keys has changed. */
  isTouched = false;
}

export class WatchedKeys {
  readonly #byDatabase = new Map<number, Map<string, Set<Watch>>>();
  readonly #onChange: () => void;
  /** Clients that watch. */
  watches = 0;

  /** @param onChange called when the first key comes and when the last has gone. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Different keys watched. */
  get keyCount(): number {
    let count = 0;
    for (const names of this.#byDatabase.values()) count += names.size;
    return count;
  }

  add(watch: Watch, database: WatchedDatabase, key: Uint8Array): void {
    const name = toLatin1(key);
    if (watch.keys.some((known) => known.database === database && known.name === name)) return;
    if (watch.keys.length === 0) this.watches++;
    watch.keys.push({ database, key, name, wasExpired: database.holdsExpired(key) });
    const names = this.#byDatabase.get(database.index) ?? new Map<string, Set<Watch>>();
    this.#byDatabase.set(database.index, names);
    const watches = names.get(name) ?? new Set<Watch>();
    names.set(name, watches);
    watches.add(watch);
    this.#onChange();
  }

  /** UNWATCH, EXEC, DISCARD, the end of the connection. */
  remove(watch: Watch): void {
    if (watch.keys.length === 0) return;
    for (const { database, name } of watch.keys) {
      const names = this.#byDatabase.get(database.index)!;
      const watches = names.get(name)!;
      watches.delete(watch);
      if (watches.size === 0) names.delete(name);
      if (names.size === 0) this.#byDatabase.delete(database.index);
    }
    watch.keys.length = 0;
    this.watches--;
    this.#onChange();
  }

  /** The key has changed, is new, or has gone. */
  touch(database: WatchedDatabase, key: Uint8Array): void {
    const name = toLatin1(key);
    const watches = this.#byDatabase.get(database.index)?.get(name);
    if (watches === undefined) return;
    for (const watch of watches) {
      const watched = watch.keys.find((known) => known.database === database && known.name === name)!;
      if (watched.wasExpired && !database.holds(key)) watched.wasExpired = false;
      else watch.isTouched = true;
    }
  }

  /** Before a database is emptied, or (`successor`) gets the contents of another. */
  touchAll(database: WatchedDatabase, successor?: WatchedDatabase): void {
    for (const [, watches] of this.#byDatabase.get(database.index) ?? []) {
      for (const watch of watches) {
        for (const watched of watch.keys) {
          if (watched.database !== database || !watches.has(watch)) continue;
          const { key } = watched;
          const arrives = successor?.holds(key) ?? false;
          if (!database.holds(key) && !arrives) continue;
          if (!watched.wasExpired) watch.isTouched = true;
          else if (!arrives) watched.wasExpired = false;
          else if (!successor!.holdsExpired(key)) watch.isTouched = true;
        }
      }
    }
  }

  /** Whether EXEC must not run: a key has changed, or its time has come since. */
  isBroken(watch: Watch): boolean {
    return (
      watch.isTouched ||
      watch.keys.some(({ database, key, wasExpired }) => !wasExpired && database.holdsExpired(key))
    );
  }
}
