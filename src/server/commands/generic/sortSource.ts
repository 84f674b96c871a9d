/**
 * What SORT reads from and writes to. Collections that can be sorted implement `ElementSource`; the type that STORE makes
 * is a list. Neither lists nor sets nor sorted sets are known to the sorting itself.
 */
import type { Collection } from '../../keyspace/keyspace.ts';

export interface ElementSource extends Collection {
  /** Elements now. */
  readonly elementCount: number;
  /** True for a list and a sorted set, whose elements have an order that `BY nosort` keeps; false for a set. */
  readonly ordered: boolean;
  /** Elements [from, to) in the collection's order, or counted from its end if `backwards`. The bytes may be kept. */
  elements(from: number, to: number, backwards: boolean): Uint8Array[];
}

/** A collection of a type that SORT does not take has no `elements`. */
export const asElementSource = (collection: Collection): ElementSource | undefined =>
  'elements' in collection ? (collection as ElementSource) : undefined;

/** SORT of a key that does not exist. */
export const NO_ELEMENTS: Pick<ElementSource, 'elementCount' | 'ordered' | 'elements'> = {
  elementCount: 0,
  ordered: true,
  elements: () => [],
};
