/**
 * Lists in Redis's serialisation.
 *
 *   18  nodes: count, (1 = one large element | 2 = listpack, the element or the listpack as a string)...
 *   1   elements: count, string...                       read only
 *   10  a ziplist; 14 nodes: count, ziplist...           read only
 */

import { needsOwnNode } from '../value/list/listLimits.ts';
import { ListValue } from '../value/list/listValue.ts';
import { Listpack, Probe } from '../value/listpack.ts';
import { framedListpack, readListpack } from './listpack.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';
import type { ValueEnvironment } from './valueSerialization.ts';
import { readZiplist } from './ziplist.ts';

export const LIST_TYPE = { elements: 1, ziplist: 10, ziplists: 14, nodes: 18 } as const;

const PLAIN = 1;
const PACKED = 2;
/** Elements beyond this stand by themselves under every setting. */
const ANY_FILL = -5;

/** Type byte and value. */
export function writeList(writer: PayloadWriter, list: ListValue): void {
  writer.type(LIST_TYPE.nodes);
  const nodes = list.nodes();
  writer.lengthOf(nodes.length);
  for (const node of nodes) {
    if (node.count === 1 && node.isString(0)) {
      const start = node.stringStart(0);
      const end = node.stringEnd(0);
      if (needsOwnNode(ANY_FILL, end - start)) {
        writer.lengthOf(PLAIN);
        writer.string(node.bytes, start, end);
        continue;
      }
    }
    writer.lengthOf(PACKED);
    const bytes = framedListpack(node);
    writer.string(bytes, 0, bytes.length);
  }
}

/** The list of the given type behind the type byte, or undefined. */
export function readList(
  reader: PayloadReader,
  type: number,
  { listFill, storage }: ValueEnvironment,
): ListValue | undefined {
  const list = new ListValue(storage);
  const readsNodes = type === LIST_TYPE.nodes || type === LIST_TYPE.ziplists;
  if (type === LIST_TYPE.elements) {
    const count = reader.length();
    for (let i = 0; i < count && !reader.failed; i++) {
      const element = reader.string();
      list.prepare(element.length, 1, listFill);
      if (!reader.failed) list.pushTail(probeOf(element));
    }
  } else {
    const count = readsNodes ? reader.length() : 1;
    for (let i = 0; i < count && !reader.failed; i++)
      if (!readNode(reader, type, list, listFill)) reader.fail();
  }
  if (reader.failed || list.length === 0) return undefined;
  list.settleForm(listFill);
  return list;
}

function readNode(reader: PayloadReader, type: number, list: ListValue, listFill: number): boolean {
  const container = type === LIST_TYPE.nodes ? reader.length() : PACKED;
  const bytes = reader.string();
  if (reader.failed || (container !== PLAIN && container !== PACKED)) return false;
  const elements =
    container === PLAIN ? [bytes] : type === LIST_TYPE.nodes ? readListpack(bytes) : readZiplist(bytes);
  if (elements === undefined) return false;
  const node = new Listpack();
  for (const element of elements) node.append(probeOf(element));
  list.appendNode(node, listFill);
  return true;
}

const probeOf = (bytes: Uint8Array): Probe => new Probe(bytes, 0, bytes.length);
