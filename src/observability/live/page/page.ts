/** The live page: listens to the server's frames, one a second, and draws the newest or the one that was picked. */
import { listen } from '../../../page/connection.ts';
import { element } from '../../../page/elements.ts';
import { count, duration, percent, timeOfDay } from '../../../page/text.ts';
import { CAUSE_WORDS } from '../../attribution/causes.ts';
import type { Frame, Greeting } from '../frame.ts';
import { showCommands, showMemory, showSlow, showStrip } from './tables.ts';
import { showLegends, Timeline } from './timeline.ts';

const FRAMES_MAX = 600;
/** Without a pick, slow requests of the last so many seconds. */
const RECENT_FRAMES = 10;
const SLOW_MAX = 12;
const SAY_EVERY_MS = 10_000;

let frames: Frame[] = [];
/** The frame that was picked, by its time; undefined follows the newest. */
let pickedMs: number | undefined;
let windowSec = 180;
/** The frame whose sentence stands there. */
let saidMs = 0;

const timeline = new Timeline((atSec) => {
  const nearest = frames.reduce<Frame | undefined>(
    (best, frame) =>
      best === undefined || Math.abs(middleSec(frame) - atSec) < Math.abs(middleSec(best) - atSec)
        ? frame
        : best,
    undefined,
  );
  pick(nearest);
});

const middleSec = ({ atMs, seconds }: Frame): number => atMs / 1000 - seconds / 2;

function pick(frame: Frame | undefined): void {
  pickedMs = frame?.atMs;
  draw();
}

function draw(): void {
  const newest = frames.at(-1);
  if (newest === undefined) return;
  const picked = frames.find(({ atMs }) => atMs === pickedMs);
  if (picked === undefined) pickedMs = undefined;
  timeline.show(frames, windowSec, picked && middleSec(picked));
  const shown = picked ?? newest;
  showStrip(shown);
  if (connection.isOpen)
    element('connection').textContent =
      `live, ${count(newest.clients)} client${newest.clients === 1 ? '' : 's'}`;
  showCommands(shown.commands);
  showMemory(shown);
  // What was in a request's way is known a second late: slow requests of a second come with the next frame.
  const following =
    picked === undefined
      ? frames.slice(-RECENT_FRAMES)
      : frames.slice(frames.indexOf(picked) + 1).slice(0, 1);
  const slow = following.flatMap((frame) => frame.slow).sort((a, b) => b.durationUs - a.durationUs);
  showSlow(slow.slice(0, SLOW_MAX));
  element('moment-title').textContent =
    picked === undefined ? 'The last seconds' : `The second before ${timeOfDay(picked.atMs)}`;
  const causes = (following.at(-1) ?? shown).causes;
  const sentence = sentenceOf(shown, causes);
  // It is read aloud: not every second.
  if (picked !== undefined || newest.atMs >= saidMs + SAY_EVERY_MS) {
    element('sentence').textContent = sentence;
    saidMs = picked === undefined ? newest.atMs : 0;
  }
  const slider = element('timeline');
  slider.setAttribute('aria-valuemax', String(frames.length - 1));
  slider.setAttribute(
    'aria-valuenow',
    String(picked === undefined ? frames.length - 1 : frames.indexOf(picked)),
  );
  slider.setAttribute(
    'aria-valuetext',
    picked === undefined ? 'now' : `${timeOfDay(picked.atMs)}: ${sentence}`,
  );
}

function sentenceOf(frame: Frame, causes: Frame['causes']): string {
  const load = `${count(frame.requestsPerSec)} requests a second, p99 ${duration(frame.p99Us)}, longest ${duration(frame.maxUs)}.`;
  if (causes.length === 0) return load;
  const words = causes
    .slice(0, 3)
    .map(({ cause, share, lift }) => {
      const often =
        lift !== undefined && lift >= 2 ? ` (met ${count(lift)} times as often as by other requests)` : '';
      return `${percent(share)} ${CAUSE_WORDS[cause]}${often}`;
    })
    .join(', ');
  return `${load} The tail's time went to: ${words}.`;
}

element('timeline').addEventListener('keydown', (event) => {
  const at = pickedMs === undefined ? frames.length - 1 : frames.findIndex(({ atMs }) => atMs === pickedMs);
  const steps: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    PageUp: at - 10,
    PageDown: at + 10,
    Home: 0,
    End: frames.length - 1,
  };
  if (event.key === 'Escape') pick(undefined);
  else if (event.key in steps) pick(frames[Math.max(0, Math.min(frames.length - 1, steps[event.key]!))]);
  else return;
  event.preventDefault();
});

element('window').addEventListener('change', (event) => {
  windowSec = Number((event.target as HTMLInputElement).value);
  draw();
});

showLegends();
const connection = listen<Frame | Greeting>((event) => {
  if ('history' in event) {
    frames = [...event.history];
    const { version, gitSha, node, flags } = event.server;
    element('server').textContent =
      `version ${version} (${gitSha.slice(0, 10)}), Node ${node}, flags: ${flags.join(', ') || 'none'}`;
  } else frames = [...frames, event].slice(-FRAMES_MAX);
  draw();
});
