/** The strip and the tables. */
import { cell, element, fillTable, fillTiles } from '../../../page/elements.ts';
import { bytes, count, duration, percent, timeOfDay } from '../../../page/text.ts';
import type { CommandFrame, Frame, SlowFrame } from '../frame.ts';

export function showStrip(frame: Frame): void {
  fillTiles(element('strip'), [
    ['Requests/s', count(frame.requestsPerSec)],
    ['p50', duration(frame.p50Us)],
    ['p99', duration(frame.p99Us)],
    ['p99.9', duration(frame.p999Us)],
    ['Longest', duration(frame.maxUs)],
    ['Thread busy', percent(frame.busyShare)],
    ['No core', frame.runQueueShare === null ? '–' : percent(frame.runQueueShare)],
    ['Bytes per key', frame.keys === 0 ? '–' : count(frame.bytesPerKey)],
    ['Keys', count(frame.keys)],
  ]);
}

export function showSlow(slow: readonly SlowFrame[]): void {
  fillTable(
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
  fillTable(
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
  fillTable(
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
