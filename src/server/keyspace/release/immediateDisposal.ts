/** Flag `lazy-free`, baseline: memory goes back in the step that discards it, however much it is. */
import type { Database } from '../database.ts';
import type { Discarded, Disposal } from './disposal.ts';

export class ImmediateDisposal implements Disposal {
  readonly pendingObjects = 0;

  keyspaceBytes(): number {
    return 0;
  }

  discard(value: Discarded): void {
    value.releaseAll();
  }

  flush(database: Database): void {
    database.keyspace.clear();
  }

  run(): void {}
}
