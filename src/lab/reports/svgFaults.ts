/**
 * A strict reader of the SVG inside a page, for tests: tags must balance, attributes be quoted and unique, entities be those
 * XML knows. Browsers forgive all of it; an SVG copied out of a report into another program would not be.
 */

const TAG = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;

/** @returns one line a fault with a piece of the text around it; empty if every `<svg>` is well-formed. */
export function svgFaults(page: string): string[] {
  const faults: string[] = [];
  for (let at = page.indexOf('<svg'); at >= 0; at = page.indexOf('<svg', at)) {
    const end = readElement(page, at, faults);
    at = Math.max(end, at + 4);
  }
  return faults;
}

function readElement(page: string, start: number, faults: string[]): number {
  const open: string[] = [];
  let at = start;
  const fault = (what: string) => faults.push(`${what} at: ${page.slice(at, at + 80)}`);
  do {
    TAG.lastIndex = at;
    const match = TAG.exec(page);
    if (!match) {
      fault('not a tag');
      return at + 1;
    }
    const [whole, closing, name, attributes, selfClosing] = match;
    const names = [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)];
    if (new Set(names.map(([, attribute]) => attribute)).size !== names.length) fault('repeated attribute');
    if (names.some(([, , value]) => hasBadEntity(value!))) fault('bad entity in attribute');
    if (closing) {
      if (open.pop() !== name) fault('unbalanced end tag');
    } else if (!selfClosing) open.push(name!);
    at += whole.length;
    if (open.length === 0) return at;
    const next = page.indexOf('<', at);
    if (next < 0) {
      fault('unclosed element');
      return page.length;
    }
    if (hasBadEntity(page.slice(at, next)) || page.slice(at, next).includes(']]>')) fault('bad text');
    at = next;
  } while (at < page.length);
  return at;
}

function hasBadEntity(text: string): boolean {
  return /&(?!(?:amp|lt|gt|quot|#\d+);)/.test(text);
}
