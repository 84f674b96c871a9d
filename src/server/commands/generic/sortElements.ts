/**
 * The sorting of SORT, apart from keys and replies: elements in, the chosen range of them in order out.
 *
 * Order: by weight as numbers, or with ALPHA as bytes, up to a zero byte unless STORE is given (Redis collates C strings by its locale, which
 * is C unless its environment says otherwise). Equal weights fall back to comparing the elements as bytes, so that the order does not depend on chance; with
 * ALPHA and BY they stay as they came.
 */
import { compareBytes } from '../../../base/bytes.ts';
import { parseDouble } from '../../../base/double.ts';
import { partialSort } from '../../../base/partialSort.ts';
import type { ElementSource } from './sortSource.ts';

export interface SortOrder {
  readonly descending: boolean;
  readonly alpha: boolean;
  readonly limitStart: number;
  readonly limitCount: number;
  /** Take the elements as the source has them. */
  readonly keepsOrder: boolean;
  /** STORE is given: the order of a set must then be reproducible. */
  readonly stores: boolean;
  /** BY: the weight of an element, undefined if there is none. Without BY an element is its own weight. */
  readonly weightOf: ((element: Uint8Array) => Uint8Array | undefined) | undefined;
}

interface Weighted {
  readonly element: Uint8Array;
  /** Numeric weight. */
  readonly score: number;
  /** Bytes compared under ALPHA; undefined if BY found nothing. */
  readonly text: Uint8Array | undefined;
}

/** The elements that LIMIT chooses, in order; undefined if a weight is not a number. */
export function sortElements(
  source: Pick<ElementSource, 'elementCount' | 'ordered' | 'elements'>,
  order: SortOrder,
): Uint8Array[] | undefined {
  const count = source.elementCount;
  const from = Math.min(Math.max(order.limitStart, 0), count);
  const to = order.limitCount < 0 ? count : Math.min(from + order.limitCount, count);
  // A set has no order to keep that could be repeated.
  const alphaForSet = order.keepsOrder && !source.ordered && order.stores;
  if (order.keepsOrder && !alphaForSet) return source.elements(from, to, source.ordered && order.descending);

  const alpha = order.alpha || alphaForSet;
  const weightOf = alphaForSet ? undefined : order.weightOf;
  const weighted: Weighted[] = [];
  let allNumbers = true;
  for (const element of source.elements(0, count, false)) {
    const text = weightOf === undefined ? element : weightOf(element);
    let score = 0;
    if (!alpha && text !== undefined) {
      score = weightNumber(text);
      if (Number.isNaN(score)) allNumbers = false;
    }
    weighted.push({ element, score, text });
  }
  if (!allNumbers) return undefined;
  const compare = alpha ? (order.stores ? compareTexts : compareCollated) : compareScores;
  const sign = order.descending ? -1 : 1;
  const inOrder = (a: Weighted, b: Weighted): number => sign * compare(a, b);
  // Which of equal texts LIMIT chooses follows from how Redis sorts: partly only behind BY.
  if (order.weightOf !== undefined && to - from < count) partialSort(weighted, from, to, inOrder);
  else weighted.sort(inOrder);
  return weighted.slice(from, to).map(({ element }) => element);
}

/** As strtod reads a whole string: white space may lead, and nothing at all is 0. NaN if it is not a number. */
function weightNumber(text: Uint8Array): number {
  let start = 0;
  let end = text.indexOf(0);
  if (end < 0) end = text.length;
  if (end === 0) return 0;
  while (start < end && (text[start] === 32 || (text[start]! >= 9 && text[start]! <= 13))) start++;
  return parseDouble(text, start, end);
}

function compareScores(a: Weighted, b: Weighted): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  return compareBytes(a.element, b.element);
}

/** What has no weight comes first. */
function compareTexts(a: Weighted, b: Weighted): number {
  if (a.text === undefined) return b.text === undefined ? 0 : -1;
  return b.text === undefined ? 1 : compareBytes(a.text, b.text);
}

const compareCollated = (a: Weighted, b: Weighted): number => compareTexts(collated(a), collated(b));

function collated(weighted: Weighted): Weighted {
  const end = weighted.text?.indexOf(0) ?? -1;
  return end < 0 ? weighted : { ...weighted, text: weighted.text!.subarray(0, end) };
}
