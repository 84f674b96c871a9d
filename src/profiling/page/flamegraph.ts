/** The flamegraph in the browser: draws what is in sight, zooms, searches. Everything it shows is text, never markup. */

interface PageNode {
  name: string;
  location: string;
  kind: string;
  width: number;
  total: number;
  self: number;
  before?: { total: number; self: number };
  children: PageNode[];
}

interface Placed {
  node: PageNode;
  parent: Placed | undefined;
  depth: number;
  left: number;
  children: Placed[];
}

const SVG = 'http://www.w3.org/2000/svg';
const ROW_PX = 20;
/** Narrower boxes are not drawn until they are zoomed in on. */
const BOX_PX_MIN = 0.6;
const LETTER_PX = 6.6;

const byId = (id: string): HTMLElement => document.getElementById(id)!;
const root = JSON.parse(byId('data').textContent!) as PageNode;
const unit = document.body.dataset['unit']!;
const isDifferential = root.before !== undefined;
const graph = byId('graph');
const details = byId('details');
const search = byId('search') as HTMLInputElement;

function place(node: PageNode, parent: Placed | undefined, depth: number, left: number): Placed {
  const placed: Placed = { node, parent, depth, left, children: [] };
  let at = left;
  for (const child of node.children) {
    placed.children.push(place(child, placed, depth + 1, at));
    at += child.width;
  }
  return placed;
}

const top = place(root, undefined, 0, 0);
let zoomed = top;
let focused = top;

const number = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en');
const share = (value: number): string => `${number((value / root.total) * 100)} %`;

function describe({ node }: Placed): string {
  const where = node.location === '' ? '' : ` (${node.location})`;
  if (node.before !== undefined) {
    const { before } = node;
    const change =
      before.total === 0 ? 'new' : node.total === 0 ? 'gone' : `${number(node.total / before.total)}×`;
    return `${node.name}${where}: ${number(before.total)} → ${number(node.total)} ${unit}, ${change}; own ${number(before.self)} → ${number(node.self)}`;
  }
  return `${node.name}${where}: ${number(node.total)} ${unit}, ${share(node.total)}; own ${number(node.self)} ${unit}, ${share(node.self)}`;
}

/** Blue for less, orange for more, by how much of the whole changed; what is gone has only a frame. */
function fillOf({ node }: Placed): string {
  if (node.before === undefined) return `var(--${node.kind})`;
  if (node.total === 0) return 'var(--paper)';
  const change = (node.self - node.before.self) / (root.before!.total || 1);
  const strength = Math.min(1, Math.abs(change) * 12);
  if (strength < 0.02) return 'var(--same)';
  return `color-mix(in oklab, var(${change < 0 ? '--less' : '--more'}) ${Math.round(20 + 80 * strength)}%, var(--same))`;
}

function matches(node: PageNode, pattern: RegExp | undefined): boolean {
  return pattern !== undefined && (pattern.test(node.name) || pattern.test(node.location));
}

function searchPattern(): RegExp | undefined {
  if (search.value === '') return undefined;
  try {
    return new RegExp(search.value, 'i');
  } catch {
    return new RegExp(search.value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
  }
}

function draw(): void {
  const widthPx = graph.clientWidth;
  const scale = widthPx / zoomed.node.width;
  const pattern = searchPattern();
  const boxes: SVGElement[] = [];
  let deepest = 0;
  let found = 0;
  const visit = (placed: Placed, isInFound: boolean): void => {
    const { node, depth, left } = placed;
    const isAncestor = depth < zoomed.depth;
    const x = isAncestor ? 0 : (left - zoomed.left) * scale;
    const width = isAncestor ? widthPx : node.width * scale;
    if (width < BOX_PX_MIN) return;
    deepest = Math.max(deepest, depth);
    const isFound = matches(node, pattern);
    if (isFound && !isInFound && !isAncestor) found += node.total;
    boxes.push(box(placed, x, width, isFound));
    const next = isAncestor ? placed.children.filter((child) => isOnWay(child)) : placed.children;
    for (const child of next) visit(child, isInFound || isFound);
  };
  visit(top, false);
  graph.setAttribute('height', String((deepest + 1) * ROW_PX));
  graph.replaceChildren(...boxes);
  byId('found').textContent = pattern === undefined ? '' : `found: ${number(found)} ${unit}, ${share(found)}`;
}

function isOnWay(placed: Placed): boolean {
  for (let each: Placed | undefined = zoomed; each !== undefined; each = each.parent)
    if (each === placed) return true;
  return false;
}

function box(placed: Placed, x: number, width: number, isFound: boolean): SVGElement {
  const { node, depth } = placed;
  const group = document.createElementNS(SVG, 'g');
  const rect = document.createElementNS(SVG, 'rect');
  rect.setAttribute('x', String(x));
  rect.setAttribute('y', String(depth * ROW_PX));
  rect.setAttribute('width', String(Math.max(0.5, width - 1)));
  rect.setAttribute('height', String(ROW_PX - 1));
  rect.style.fill = isFound ? 'var(--found)' : fillOf(placed);
  if (node.before !== undefined && node.total === 0) rect.classList.add('gone');
  if (placed === focused) rect.classList.add('focused');
  group.append(rect);
  const letters = Math.floor((width - 8) / LETTER_PX);
  if (letters >= 3) {
    const text = document.createElementNS(SVG, 'text');
    text.setAttribute('x', String(x + 4));
    text.setAttribute('y', String(depth * ROW_PX + 14));
    text.textContent = node.name.length > letters ? `${node.name.slice(0, letters - 1)}…` : node.name;
    group.append(text);
  }
  group.addEventListener('mouseenter', () => {
    details.textContent = describe(placed);
  });
  group.addEventListener('click', () => zoom(placed));
  return group;
}

function zoom(placed: Placed): void {
  zoomed = placed;
  focus(placed);
}

function focus(placed: Placed): void {
  focused = placed;
  details.textContent = describe(placed);
  draw();
}

graph.addEventListener('keydown', (event) => {
  const siblings = focused.parent?.children ?? [focused];
  const at = siblings.indexOf(focused);
  const widest = focused.children.toSorted((a, b) => b.node.width - a.node.width)[0];
  const next: Record<string, Placed | undefined> = {
    ArrowUp: focused.parent,
    ArrowDown: widest,
    ArrowLeft: siblings[at - 1],
    ArrowRight: siblings[at + 1],
    Home: top,
  };
  if (event.key === 'Enter') zoom(focused);
  else if (event.key === 'Escape') zoom(top);
  else if (event.key in next) focus(next[event.key] ?? focused);
  else return;
  event.preventDefault();
});
search.addEventListener('input', draw);
byId('reset').addEventListener('click', () => zoom(top));
new ResizeObserver(draw).observe(graph.parentElement!);
if (isDifferential) byId('difference-legend').hidden = false;
else byId('kind-legend').hidden = false;
details.textContent = describe(top);
draw();
