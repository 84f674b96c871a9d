/**
 * What happens to keys, for all who listen: WATCH, keyspace notifications, clients blocked on a key, clients that cache. Commands tell
 * of it through `Database.changed`; while nobody listens that costs one look at `active`, and the fast lanes, which tell of nothing,
 * are open.
 */
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import type { BlockedClients } from '../clients/blockedClients.ts';
import type { Tracking } from '../clients/tracking.ts';
import type { Database } from '../keyspace/database.ts';
import type { Channels } from '../pubsub/channels.ts';
import { EventClass, type EventClassId, type EventSelection } from './eventClasses.ts';
import { WatchedKeys } from './watchedKeys.ts';

export class KeyEvents {
  /** Whether anybody wants to hear of changes. */
  active = false;
  /** Whether requests may be run in place, which tells nobody of anything. */
  lanesOpen = true;
  /** Whether the event of a key that was looked for in vain, and of one that is new, is wanted. */
  wantsMisses = false;
  wantsNewKeys = false;
  readonly watched = new WatchedKeys(() => this.refresh());
  readonly #blocked: BlockedClients;
  readonly #channels: Channels;
  readonly #tracking: Tracking;
  readonly #closedFor = new Set<string>();
  #selection: EventSelection = { classes: 0, byKey: false, byEvent: false };

  constructor(channels: Channels, blocked: BlockedClients, tracking: Tracking) {
    this.#channels = channels;
    this.#blocked = blocked;
    this.#tracking = tracking;
    blocked.onChange = () => this.refresh();
    tracking.onChange = () => this.refresh();
  }

  /** `notify-keyspace-events` has changed. */
  select(selection: EventSelection): void {
    this.#selection = selection;
    const { byKey, byEvent, classes } = selection;
    const isTold = byKey || byEvent;
    this.wantsMisses = isTold && (classes & EventClass.keyMiss) !== 0;
    this.wantsNewKeys = isTold && (classes & EventClass.newKey) !== 0;
    this.refresh();
  }

  /** For other reasons to let every request take the general way. */
  closeLanes(reason: 'refusal' | 'propagation', isClosed: boolean): void {
    if (isClosed) this.#closedFor.add(reason);
    else this.#closedFor.delete(reason);
    this.refresh();
  }

  refresh(): void {
    const { byKey, byEvent, classes } = this.#selection;
    this.active =
      this.watched.watches > 0 ||
      this.#blocked.count > 0 ||
      this.#tracking.clients.size > 0 ||
      ((byKey || byEvent) && classes !== 0);
    this.lanesOpen = !this.active && this.#closedFor.size === 0;
  }

  /** The value or the expiry under a key has changed, or the key has come or gone; `event` is its name for subscribers. */
  changed(database: Database, key: Uint8Array, eventClass: EventClassId, event: string): void {
    this.touched(database, key);
    this.notify(database, key, eventClass, event);
  }

  /** The server itself has removed a key: its time had come, or its room was needed. */
  removed(database: Database, key: Uint8Array, eventClass: EventClassId, event: string): void {
    this.touched(database, key, false);
    this.notify(database, key, eventClass, event);
  }

  /** A change that has no event of its own. @param isByClient by the command that runs. */
  touched(database: Database, key: Uint8Array, isByClient = true): void {
    if (this.watched.watches > 0) this.watched.touch(database, key);
    if (this.#blocked.count > 0) this.#blocked.signal(database.index, key);
    if (this.#tracking.clients.size > 0) this.#tracking.invalidate(key, isByClient);
  }

  /** Tells subscribers of an event. */
  notify(database: Database, key: Uint8Array, eventClass: EventClassId, event: string): void {
    const { byKey, byEvent, classes } = this.#selection;
    if ((classes & eventClass) === 0) return;
    const { index } = database;
    if (byKey)
      this.#channels.publishEverywhere(
        fromLatin1(`__keyspace@${index}__:${toLatin1(key)}`),
        fromLatin1(event),
      );
    if (byEvent) this.#channels.publishEverywhere(fromLatin1(`__keyevent@${index}__:${event}`), key);
  }

  /** Before a database is emptied. */
  emptying(database: Database): void {
    this.watched.touchAll(database);
    this.#blocked.signalDatabase(database.index);
  }

  /** Before two databases change contents. */
  swapping(a: Database, b: Database): void {
    this.watched.touchAll(a, b);
    this.watched.touchAll(b, a);
    this.#blocked.signalDatabase(a.index);
    this.#blocked.signalDatabase(b.index);
  }
}
