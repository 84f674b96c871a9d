/** A plain table as HTML, in a box of its own that scrolls where the page is too narrow. */
import { html, type Markup } from '../markup.ts';
import type { Table } from '../plainTables.ts';

export function plainTable({ columns, rows }: Table): Markup {
  const className = (i: number) => (columns[i]!.numeric ? 'num' : columns[i]!.code ? 'code' : '');
  return html`<div class="scroll"><table class="plain"><thead><tr>${columns.map(({ name }, i) => html`<th class="${className(i)}">${name}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, i) => html`<td class="${className(i)}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
