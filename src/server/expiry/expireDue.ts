/** What a token leads to. */
import { type Keyspace, NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';

/** Hands the entries with this handle that are due to `expire`, which removes them. */
export function expireDue(
  keyspace: Keyspace,
  handle: number,
  nowMs: number,
  expire: (ref: Ref) => void,
): void {
  let ref = keyspace.findByHandle(handle, 0);
  while (ref !== 0) {
    const expireAtMs = keyspace.expireAtMs(ref);
    if (expireAtMs === NO_EXPIRY || expireAtMs > nowMs) {
      ref = keyspace.findByHandle(handle, ref);
    } else {
      expire(ref);
      // A removal leaves no other reference good.
      ref = keyspace.findByHandle(handle, 0);
    }
  }
}
