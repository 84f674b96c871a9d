/** The strip and the tables: text only, so whatever a client was called cannot become markup. */
import type { CommandFrame, Frame, SlowFrame } from '../frame.ts';
import { bytes, count, duration, percent, timeOfDay } from './text.ts';

export const element = <Found extends HTMLElement = HTMLElement>(id: string): Found =>
  document.getElementById(id) as Found;

function cell(text: string, className = ''): HTMLTableCellElement {
  const td = document.createElement('td');
  td.textContent = text;
  td.className = className;
  return td;
}

function fill(tableId: string, rows: HTMLTableCellElement[][], empty: string, columns: number): void {
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

export function showStrip(frame: Frame): void {
  const tiles: [string, string][] = [
    ['Requests/s', count(frame.requestsPerSec)],
    ['p50', duration(frame.p50Us)],
    ['p99', duration(frame.p99Us)],
    ['p99.9', duration(frame.p999Us)],
    ['Longest', duration(frame.maxUs)],
    ['Thread busy', percent(frame.busyShare)],
    ['No core', frame.runQueueShare === null ? '–' : percent(frame.runQueueShare)],
    ['Bytes per key', frame.keys === 0 ? '–' : count(frame.bytesPerKey)],
    ['Keys', count(frame.keys)],
  ];
  element('strip').replaceChildren(
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

export function showSlow(slow: readonly SlowFrame[]): void {
  fill(
    'slow',
    slow.map((request) => [
      cell(timeOfDay(request.atMs, true)),
      cell(duration(request.durationUs), 'num'),
      cell(request.command),
      cell(String(request.requests), 'num'),
      cell(request.why, 'why'),
    ]),
    'No request beyond the threshold.',
    5,
  );
}

export function showCommands(commands: readonly CommandFrame[]): void {
  fill(
    'commands',
    commands.map((command) => [
      cell(command.name),
      cell(count(command.perSec), 'num'),
      cell(duration(command.p50Us), 'num'),
      cell(duration(command.p99Us), 'num'),
      cell(duration(command.p999Us), 'num'),
      cell(duration(command.executionP50Us), 'num'),
      cell(command.failedPerSec === 0 ? '0' : `${count(command.failedPerSec)}/s`, 'num'),
    ]),
    'No command in this second.',
    7,
  );
}

export function showMemory(frame: Frame): void {
  const rows = Object.entries(frame.memoryBytes).filter(([, value]) => value > 0);
  fill(
    'memory',
    [...rows, ['resident, whole process', frame.residentBytes] as [string, number]].map(([cause, value]) => [
      cell(cause.replaceAll('_', ' ')),
      cell(bytes(value), 'num'),
      cell(frame.keys === 0 ? '–' : count(value / frame.keys), 'num'),
    ]),
    '',
    3,
  );
}
