/**
 * maxmemory: before a command that may need memory, entries are evicted by the configured policy until the data fits again.
 *
 * As Redis does, a few random entries are sampled and the worst of them goes; the best candidates of earlier samples are not kept.
 * Bounded work: one call evicts at most so many entries. That is progress enough for the command to run, as in Redis when its time
 * limit for eviction is up; only if nothing is left to evict does it not.
 */
import type { ServerState } from '../serverState.ts';
import { idleSec, lfuDecayed } from './access.ts';
import type { Database } from './database.ts';
import { NO_EXPIRY, type Ref } from './keyspace.ts';

/** Evictions per command: 64 small entries pay for one ordinary write many times over. */
const EVICTIONS_MAX = 64;
/** Random entries drawn to find one with an expiry before volatile policies give up on a database. */
const VOLATILE_DRAWS = 50;

export class Eviction {
  readonly #server: ServerState;

  constructor(server: ServerState) {
    this.#server = server;
  }

  /** True if a command that needs memory may run. */
  makeRoom(): boolean {
    const { clients, configuration, context } = this.#server;
    const limitBytes = this.#server.memoryLimitBytes;
    if (limitBytes === 0 || this.#server.usedMemoryBytes() <= limitBytes) return true;
    if (this.#releases(limitBytes) || clients.isPausedAt(context.nowMs)) return true;
    const policy = configuration.text('maxmemory-policy');
    if (policy === 'noeviction') return false;
    const { clock, probe, stats } = this.#server;
    const startUs = clock.monotonicUs();
    const before = stats.evictedKeys;
    const hasRoom = this.#evict(policy, limitBytes);
    const endUs = clock.monotonicUs();
    probe.worked('eviction', startUs, endUs, stats.evictedKeys - before);
    this.#server.latencyEvents.note('eviction-cycle', endUs - startUs, this.#server.context.nowMs);
    return hasRoom;
  }

  #evict(policy: string, limitBytes: number): boolean {
    for (let evicted = 0; evicted < EVICTIONS_MAX; evicted++) {
      // What has been evicted and waits for release is on its way, as lazily freed values are in Redis.
      if (!this.#evictOne(policy)) return this.#server.disposal.pendingObjects > 0;
      if (this.#server.usedMemoryBytes() <= limitBytes) return true;
    }
    return true;
  }

  /** What was deleted and waits for release goes before anything that is still wanted. True if that will do for this command. */
  #releases(limitBytes: number): boolean {
    const { disposal } = this.#server;
    if (disposal.pendingObjects === 0) return false;
    disposal.run();
    return disposal.pendingObjects > 0 || this.#server.usedMemoryBytes() <= limitBytes;
  }

  #evictOne(policy: string): boolean {
    const volatileOnly = policy.startsWith('volatile');
    const samples = policy.endsWith('random') ? 1 : this.#server.configuration.number('maxmemory-samples');
    let worst: Ref = 0;
    let worstScore = -1;
    let worstDatabase: Database | undefined;
    for (const database of this.#server.databases) {
      const { keyspace } = database;
      if ((volatileOnly ? keyspace.expiringCount : keyspace.count) === 0) continue;
      for (let sample = 0; sample < samples; sample++) {
        const ref = this.#draw(database, volatileOnly);
        if (ref === 0) break;
        const score = this.#score(database, ref, policy);
        if (score <= worstScore) continue;
        worst = ref;
        worstScore = score;
        worstDatabase = database;
      }
    }
    if (worstDatabase === undefined) return false;
    worstDatabase.evict(worst);
    return true;
  }

  #draw(database: Database, volatileOnly: boolean): Ref {
    const { keyspace } = database;
    for (let draw = 0; draw < VOLATILE_DRAWS; draw++) {
      const ref = keyspace.random(this.#server.rng);
      if (!volatileOnly || keyspace.expireAtMs(ref) !== NO_EXPIRY) return ref;
    }
    return 0;
  }

  /** Higher goes first. */
  #score(database: Database, ref: Ref, policy: string): number {
    const { keyspace } = database;
    const nowMs = this.#server.context.nowMs;
    if (policy.endsWith('lru')) return idleSec(keyspace.access(ref), nowMs);
    if (policy.endsWith('lfu'))
      return 255 - lfuDecayed(keyspace.access(ref), nowMs, this.#server.lfuDecayMinutes);
    if (policy.endsWith('ttl')) return Number.MAX_SAFE_INTEGER - keyspace.expireAtMs(ref);
    return this.#server.rng.float();
  }
}
