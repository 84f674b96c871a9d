/** Emptying a keyspace step by step, entry by entry, whatever it is made of. */
import type { Keyspace } from '../keyspace.ts';

/** Removes about `budget` entries from `cursor` on; returns the next cursor, 0 once it is empty. Nothing may be put in between. */
export function removeSome(keyspace: Keyspace, cursor: number, budget: number): number {
  const handles: number[] = [];
  const next = keyspace.scan(cursor, budget, (ref) => handles.push(keyspace.handleOf(ref)));
  for (const handle of handles) {
    // Entries that share a handle all go: which one is found first does not matter.
    const ref = keyspace.findByHandle(handle, 0);
    if (ref !== 0) keyspace.remove(ref);
  }
  return next;
}
