/**
 * An escaping template for HTML and SVG: `html\`<p>${text}</p>\`` escapes every hole unless it is Markup already.
 *
 * Why our own: the reports need exactly one rule ("whatever is interpolated is text") and no components or state. Target
 * names, command lines and reasons of rejection come from other programs and are hostile until escaped.
 *
 * Invariants: attributes are always written in double quotes around a hole; the output is well-formed XML inside `<svg>`,
 * so control characters XML forbids and bidirectional overrides (they can reorder what a reader sees) become U+FFFD.
 */

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Child = Markup | string | number | undefined | null | false | readonly Child[];

const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text with control characters and bidirectional overrides made visible: safe to print, not yet to embed. */
export function printable(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, '\ufffd');
}

export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function childText(child: Child): string {
  if (child === undefined || child === null || child === false) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'string') return escapeHtml(child);
  // A number reaches a template only as a coordinate; two decimals are a hundredth of a pixel or percent.
  if (typeof child === 'number')
    return Number.isFinite(child) ? String(Math.round(child * 100) / 100) : 'unknown';
  let text = '';
  for (const item of child) text += childText(item);
  return text;
}

export function html(strings: TemplateStringsArray, ...children: Child[]): Markup {
  let text = strings[0]!;
  for (let i = 0; i < children.length; i++) text += childText(children[i]) + strings[i + 1]!;
  return new Markup(text);
}

/** A fragment identifier: letters, digits and dashes only. */
export function anchorId(...parts: string[]): string {
  return parts
    .join('-')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}
