/** A new list of these elements, as if they had been pushed to its tail one by one. */

import { ListValue } from '../../keyspace/value/list/listValue.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { ServerState } from '../../serverState.ts';

export function listOfElements(
  { listFill, storage }: ServerState,
  elements: readonly Uint8Array[],
): ListValue {
  const list = new ListValue(storage);
  for (const element of elements) {
    list.prepare(element.length, 1, listFill);
    list.pushTail(new Probe(element, 0, element.length));
  }
  return list;
}
