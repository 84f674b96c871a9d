/** Elements of a page: text only, so whatever a client or a target was called cannot become markup. */

export const element = <Found extends HTMLElement = HTMLElement>(id: string): Found =>
  document.getElementById(id) as Found;

export function cell(text: string, className = ''): HTMLTableCellElement {
  const td = document.createElement('td');
  td.textContent = text;
  td.className = className;
  return td;
}

export function fillTable(
  tableId: string,
  rows: HTMLTableCellElement[][],
  empty: string,
  columns: number,
): void {
  const body = element<HTMLTableElement>(tableId).tBodies[0]!;
  if (rows.length === 0) {
    const td = cell(empty, 'empty');
    td.colSpan = columns;
    rows.push([td]);
  }
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement('tr');
      row.append(...cells);
      return row;
    }),
  );
}

/** Name and value of each tile, in the `dl` that holds them. */
export function fillTiles(list: HTMLElement, tiles: readonly (readonly [string, string])[]): void {
  list.replaceChildren(
    ...tiles.map(([name, value]) => {
      const tile = document.createElement('div');
      const [term, description] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = name;
      description.textContent = value;
      tile.append(term, description);
      return tile;
    }),
  );
}

/** A swatch and what it stands for. @param colour a custom property of the stylesheet. */
export function legendKey(text: string, colour: string, shape: 'line' | 'area'): HTMLElement {
  const span = document.createElement('span');
  const swatch = document.createElement('i');
  swatch.style.background = `var(${colour})`;
  if (shape === 'line') swatch.className = 'line';
  span.append(swatch, text);
  return span;
}
