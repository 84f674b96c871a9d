/** Members of a set drawn at random. */
import type { Rng } from '../../../ports/rng.ts';
import type { SetValue } from '../../keyspace/value/set/setValue.ts';

/** Drawing from a table until enough are distinct pays off while at most one in three is wanted. */
const REJECTION_SHARE_MIN = 3;
const DRAWS_PER_MEMBER_MAX = 20;

/** Every member as bytes of its own. */
function allMembers(set: SetValue): Uint8Array[] {
  return set.elements(0, set.length, false);
}

/** `count` distinct members, at most all; every subset is equally likely, their order is not random. */
export function drawDistinct(set: SetValue, count: number, rng: Rng): Uint8Array[] {
  if (count >= set.length) return allMembers(set);
  if (set.encoding() === 'hashtable' && count * REJECTION_SHARE_MIN <= set.length) {
    const drawn = new Map<string, Uint8Array>();
    for (let draws = count * DRAWS_PER_MEMBER_MAX; draws > 0 && drawn.size < count; draws--) {
      const member = set.random(rng);
      drawn.set(Buffer.prototype.latin1Slice.call(member), member);
    }
    if (drawn.size === count) return [...drawn.values()];
  }
  // Selection sampling (Knuth, algorithm S): one pass, each member taken with the probability that just enough are.
  const members: Uint8Array[] = [];
  let left = set.length;
  for (const member of allMembers(set)) {
    if (rng.float() * left < count - members.length) members.push(member);
    left--;
  }
  return members;
}
