/**
 * SORT's BY and GET patterns: `weight_*` names a key, `obj_*->field` a field of a hash, `#` the element itself.
 * The first '*' stands for the element; a pattern without one finds nothing.
 */
import { copyOf } from '../../../base/bytes.ts';
import { ValueType } from '../../keyspace/keyspace.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';
import type { CommandContext } from '../command.ts';

const HASH_SIGN = 35;
const STAR = 42;
const DASH = 45;
const GREATER = 62;

/** A pattern cut in its parts once, applied to many elements. */
export class SortPattern {
  readonly #context: CommandContext;
  readonly #isElement: boolean;
  readonly #prefix: Uint8Array | undefined;
  readonly #suffix: Uint8Array;
  readonly #field: Uint8Array | undefined;

  /** @param pattern kept, so it must not lie in the read buffer. */
  constructor(context: CommandContext, pattern: Uint8Array) {
    this.#context = context;
    this.#isElement = pattern.length === 1 && pattern[0] === HASH_SIGN;
    const textEnd = pattern.indexOf(0) < 0 ? pattern.length : pattern.indexOf(0);
    const star = pattern.subarray(0, textEnd).indexOf(STAR);
    this.#prefix = star < 0 ? undefined : pattern.subarray(0, star);
    let arrow = -1;
    for (let i = star + 1; star >= 0 && i + 2 < textEnd; i++) {
      if (pattern[i] === DASH && pattern[i + 1] === GREATER) {
        arrow = i;
        break;
      }
    }
    this.#suffix = pattern.subarray(star + 1, arrow < 0 ? pattern.length : arrow);
    this.#field = arrow < 0 ? undefined : pattern.subarray(arrow + 2);
  }

  /** The value found for an element, as bytes that may be kept; undefined if there is none. */
  lookup(element: Uint8Array): Uint8Array | undefined {
    if (this.#isElement) return element;
    if (this.#prefix === undefined) return undefined;
    const suffixStart = this.#prefix.length + element.length;
    const key = new Uint8Array(suffixStart + this.#suffix.length);
    key.set(this.#prefix);
    key.set(element, this.#prefix.length);
    key.set(this.#suffix, suffixStart);

    const { db, nowMs } = this.#context;
    const ref = db.readBytes(key, 0, key.length);
    if (ref === 0) return undefined;
    const { keyspace } = db;
    if (this.#field === undefined) {
      return keyspace.type(ref) === ValueType.string ? copyOf(keyspace.stringView(ref)) : undefined;
    }
    if (keyspace.type(ref) !== ValueType.hash) return undefined;
    const hash = keyspace.collection(ref) as HashValue;
    const field = hash.find(this.#field, 0, this.#field.length);
    return field === 0 || hash.isExpired(field, nowMs) ? undefined : copyOf(hash.valueView(field));
  }
}
