/** HRANDFIELD with a count: how the fields are drawn, by form of the hash and by how many of them are wanted. */
import type { Rng } from '../../../ports/rng.ts';
import type { FieldRef, HashValue } from '../../keyspace/value/hashValue.ts';

/** Drawing from a table until enough are distinct pays off while at most one in three is wanted: as Redis. */
const REJECTION_SHARE_MIN = 3;
const DRAWS_PER_FIELD_MAX = 20;

/** Positions of all fields, so that drawing from the small form costs a step each and not a walk each. */
function allFields(hash: HashValue): FieldRef[] {
  const refs: FieldRef[] = [];
  hash.visit((ref) => refs.push(ref));
  return refs;
}

/** Calls `visit` for `count` fields, each drawn anew; stops early when `visit` answers false. The hash is not empty. */
export function drawWithRepeats(
  hash: HashValue,
  count: number,
  rng: Rng,
  visit: (ref: FieldRef) => boolean,
): void {
  if (hash.small === undefined || count === 1) {
    for (let i = 0; i < count; i++) if (!visit(hash.random(rng))) return;
    return;
  }
  const refs = allFields(hash);
  for (let i = 0; i < count; i++) if (!visit(refs[Math.floor(rng.float() * refs.length)]!)) return;
}

/**
 * Draws from the table until enough fields are distinct. False, nothing visited, if that takes suspiciously long: `random` is only
 * close to uniform, and in a table that has shrunk a lot some fields may hardly ever come up.
 */
function drawByRejection(hash: HashValue, count: number, rng: Rng, visit: (ref: FieldRef) => void): boolean {
  const drawn = new Set<FieldRef>();
  // At most a third is wanted, so less than 1.5 draws per field are expected.
  for (let draws = count * DRAWS_PER_FIELD_MAX; drawn.size < count; draws--) {
    if (draws === 0) return false;
    drawn.add(hash.random(rng));
  }
  for (const ref of drawn) visit(ref);
  return true;
}

/** Calls `visit` for `count` distinct fields, count < hash.length; every subset is equally likely, the order is not random. */
export function drawDistinct(hash: HashValue, count: number, rng: Rng, visit: (ref: FieldRef) => void): void {
  const size = hash.length;
  if (hash.small !== undefined) {
    // Selection sampling (Knuth, algorithm S): one pass in order of the fields.
    let wanted = count;
    let left = size;
    hash.visit((ref) => {
      if (rng.float() * left < wanted) {
        wanted--;
        visit(ref);
      }
      left--;
    });
    return;
  }
  if (count * REJECTION_SHARE_MIN <= size && drawByRejection(hash, count, rng, visit)) return;
  const refs = allFields(hash);
  for (let i = 0; i < count; i++) {
    const pick = i + Math.floor(rng.float() * (size - i));
    visit(refs[pick]!);
    refs[pick] = refs[i]!;
  }
}
