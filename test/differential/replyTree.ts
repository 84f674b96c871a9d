/**
 * Replies as the bytes they are. `replyEnd` finds where one ends without building anything, which is all that equal replies
 * need; `readTree` keeps every type byte, unlike the server's own reader, so that a `$1` is never mistaken for a `,1`.
 */

export interface ReplyTree {
  /** The type byte: `+ - : $ * _ , # ( = % ~ >`. */
  type: string;
  /** The line or the bulk's bytes, latin1; for aggregates their announced length. */
  text: string;
  items: ReplyTree[] | undefined;
}

const CR = 13;
const AGGREGATES = new Set(['*', '~', '>', '%']);
const BULKS = new Set(['$', '=', '!']);

/** Where the reply at `at` ends; -1 if it has not arrived whole. */
export function replyEnd(buffer: Buffer, at: number): number {
  let open = 1;
  let next = at;
  while (open > 0) {
    const lineEnd = buffer.indexOf(CR, next);
    if (lineEnd < 0 || lineEnd + 1 >= buffer.length) return -1;
    const type = String.fromCharCode(buffer[next]!);
    open--;
    if (AGGREGATES.has(type)) {
      const length = Number(buffer.toString('latin1', next + 1, lineEnd));
      if (length > 0) open += type === '%' ? 2 * length : length;
      next = lineEnd + 2;
    } else if (BULKS.has(type)) {
      const length = Number(buffer.toString('latin1', next + 1, lineEnd));
      next = length < 0 ? lineEnd + 2 : lineEnd + 4 + length;
      if (next > buffer.length) return -1;
    } else if ('+-:_,#('.includes(type)) {
      next = lineEnd + 2;
    } else {
      throw new Error(`not a reply: ${JSON.stringify(buffer.toString('latin1', next, next + 60))}`);
    }
  }
  return next;
}

/** The tree of one whole reply. */
export function readTree(reply: Buffer): ReplyTree {
  return treeAt(reply, 0).tree;
}

function treeAt(buffer: Buffer, at: number): { tree: ReplyTree; next: number } {
  const type = String.fromCharCode(buffer[at]!);
  const lineEnd = buffer.indexOf(CR, at);
  const line = buffer.toString('latin1', at + 1, lineEnd);
  let next = lineEnd + 2;
  if (BULKS.has(type) && line !== '-1') {
    const end = next + Number(line);
    return { tree: { type, text: buffer.toString('latin1', next, end), items: undefined }, next: end + 2 };
  }
  if (!AGGREGATES.has(type) || line === '-1') {
    // Nil of either kind reads as its own type, distinct from an empty one.
    const nil = line === '-1' && (AGGREGATES.has(type) || BULKS.has(type));
    return { tree: { type: nil ? `${type}-` : type, text: line, items: undefined }, next };
  }
  const items: ReplyTree[] = [];
  const count = Number(line) * (type === '%' ? 2 : 1);
  for (let i = 0; i < count; i++) {
    const item = treeAt(buffer, next);
    items.push(item.tree);
    next = item.next;
  }
  return { tree: { type, text: line, items }, next };
}

/** A tree as one line, comparable and sortable. */
export const treeText = (tree: ReplyTree): string =>
  tree.items === undefined
    ? tree.type + JSON.stringify(tree.text)
    : `${tree.type}[${tree.items.map(treeText).join(' ')}]`;
