/** The parts of a collection that its digest is made of, found without knowing every value class. */
import { type Collection, NO_EXPIRY, ValueType } from '../../../keyspace/keyspace.ts';
import { HashValue } from '../../../keyspace/value/hashValue.ts';

export type Digestible =
  | { readonly kind: 'ordered' | 'unordered'; visit(visitor: (element: Uint8Array) => void): void }
  | { readonly kind: 'scored'; visit(visitor: (member: Uint8Array, score: number) => void): void }
  | {
      readonly kind: 'fields';
      visit(visitor: (field: Uint8Array, value: Uint8Array, expires: boolean) => void): void;
    };

/** Lists, sets and sorted sets that SORT can read. */
interface ElementSource {
  readonly elementCount: number;
  elements(from: number, to: number, backwards: boolean): Uint8Array[];
}

/** Sorted sets that can be walked through with their scores. */
interface ScoredSource {
  forEachScored(visitor: (member: Uint8Array, score: number) => void): void;
}

/** Streams that can be walked through: each entry's id as `ms.seq`, then its fields and values. */
interface EntrySource {
  forEachDigestPart(visitor: (part: Uint8Array) => void): void;
}

/** Undefined for a value that offers none of these ways in. */
export function asDigestible(collection: Collection): Digestible | undefined {
  if (collection instanceof HashValue) {
    const visit = (visitor: (field: Uint8Array, value: Uint8Array, expires: boolean) => void): void =>
      collection.forEach((field, value, expireAtMs) => {
        visitor(field, value, expireAtMs !== NO_EXPIRY);
      });
    return { kind: 'fields', visit };
  }
  if ('forEachScored' in collection) {
    const source = collection as unknown as ScoredSource;
    return { kind: 'scored', visit: (visitor) => source.forEachScored(visitor) };
  }
  if ('forEachDigestPart' in collection) {
    const source = collection as unknown as EntrySource;
    return { kind: 'ordered', visit: (visitor) => source.forEachDigestPart(visitor) };
  }
  const isPlain = collection.type === ValueType.list || collection.type === ValueType.set;
  if (!isPlain || !('elements' in collection)) return undefined;
  const source = collection as unknown as ElementSource;
  const visit = (visitor: (element: Uint8Array) => void): void => {
    for (const element of source.elements(0, source.elementCount, false)) visitor(element);
  };
  return { kind: collection.type === ValueType.list ? 'ordered' : 'unordered', visit };
}
