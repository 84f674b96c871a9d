/** The page of a running session: listens to its events and shows the scenario that runs, or the one that was chosen. */
import { listen } from '../../../page/connection.ts';
import { element, fillTiles } from '../../../page/elements.ts';
import { heatKeys } from '../../../page/heatmap.ts';
import { clock, percent } from '../../../page/text.ts';
import type {
  RunningFrame,
  ScenarioOutline,
  SessionEvent,
  SessionOutline,
  SessionState,
} from '../sessionEvent.ts';
import { afterEvent } from '../sessionState.ts';
import { Panels } from './panels.ts';
import { showRatios } from './ratios.ts';

/** The choice that goes where the session goes. */
const FOLLOW = '';

let state: SessionState | undefined;
let chosen = FOLLOW;
/** The last block that began: after the end it still says how far the session came. */
let last: RunningFrame | undefined;

const panels = new Panels(element('panels'));
const choices = element<HTMLSelectElement>('scenario');

const keyOf = ({ experimentId, scenarioId }: { experimentId: string; scenarioId: string }): string =>
  `${experimentId}/${scenarioId}`;

function show(): void {
  if (state === undefined) return;
  last = state.running ?? last;
  showProgress(state);
  showChoices(state);
  showNotes(state.notes);
  const wanted = chosen === FOLLOW && last !== undefined ? keyOf(last) : chosen;
  const { scenarios } = state.outline;
  const scenario = scenarios.find((each) => keyOf(each) === wanted) ?? scenarios[0];
  if (scenario === undefined) return;
  element('scenario-label').textContent = `${scenario.label}. ${LOOPS[scenario.loop]}`;
  panels.show(state, scenario);
  showRatios(state, scenario);
}

const LOOPS: Record<ScenarioOutline['loop'], string> = {
  open: 'Latency counts from the intended send time.',
  closed: 'In a closed loop latency is that of a whole batch, from its real send.',
  memory: 'Memory is read while keys are written: there is no latency to show.',
};

function showProgress({ outline, running, blocks, ended }: SessionState): void {
  const { experiments, effort, seed, targets, baselineMissing } = outline;
  const ids = experiments.map(({ id }) => id).join(', ');
  element('title').textContent =
    experiments.length === 1 ? experiments[0]!.title : `${experiments.length} experiments: ${ids}`;
  element('session').textContent = `${effort} session, seed ${seed}`;
  const share = last === undefined ? 0 : last.pairsDone / last.pairsTotal;
  element<HTMLProgressElement>('progress').value = share;
  document.title = `${ended === undefined ? percent(share) : 'ended'} – ${ids} – Evenkeel`;
  const now = ended ?? nowText(outline, running);
  // It is read aloud: only what is new.
  if (element('now').textContent !== now) element('now').textContent = now;
  const rejected = blocks.filter(({ isAccepted }) => !isAccepted).length;
  const baseline = targets.find(({ kind }) => kind === 'redis')?.label;
  fillTiles(element('strip'), [
    ['Pairs done', last === undefined ? '–' : `${last.pairsDone} of ${last.pairsTotal}`],
    ['Time left', running === undefined ? '–' : `about ${clock(running.leftSec)}`],
    ['Blocks measured', String(blocks.length - rejected)],
    ['Blocks rejected', String(rejected)],
    ['Baseline', baseline ?? (baselineMissing === undefined ? '–' : 'missing')],
  ]);
  const standing = element('standing');
  standing.textContent =
    ended === undefined ? 'running, not a verdict' : 'ended: the verdicts are in the report';
  standing.classList.toggle('over', ended !== undefined);
}

function nowText({ isPlanned, targets }: SessionOutline, running: RunningFrame | undefined): string {
  if (running === undefined)
    return isPlanned
      ? 'Planned; the first block is about to begin.'
      : 'Finding out what blocks cost, to plan the session.';
  const label = targets.find(({ id }) => id === running.targetId)?.label ?? running.targetId;
  return `Runs now: ${keyOf(running)}, pair ${running.pair + 1}, ${label}.`;
}

/** Options are changed in place: an open list must not close under somebody's finger. */
function showChoices({ outline, blocks, running }: SessionState): void {
  const { scenarios } = outline;
  const keys = scenarios.map(keyOf);
  const shown = [...choices.options].slice(1).map(({ value }) => value);
  if (shown.join() !== keys.join()) {
    choices.replaceChildren(
      new Option('The one that runs', FOLLOW),
      ...keys.map((key) => new Option(key, key)),
    );
    choices.value = keys.includes(chosen) ? chosen : FOLLOW;
  }
  for (const scenario of scenarios) {
    const key = keyOf(scenario);
    const done = blocks.filter((block) => block.isAccepted && keyOf(block) === key).length;
    const planned = Math.max(done, scenario.pairs * scenario.targets.length);
    const isNow = running !== undefined && keyOf(running) === key;
    const option = [...choices.options].find(({ value }) => value === key)!;
    const text = `${key} – ${isNow ? 'runs now, ' : ''}${done} of ${planned} blocks`;
    if (option.text !== text) option.text = text;
    option.disabled = done === 0 && !isNow;
  }
}

function showNotes(notes: readonly string[]): void {
  element('notes-section').hidden = notes.length === 0;
  const list = element('notes');
  if (list.childElementCount === notes.length) return;
  list.replaceChildren(
    ...notes.map((note) => {
      const item = document.createElement('li');
      item.textContent = note;
      return item;
    }),
  );
}

choices.addEventListener('change', () => {
  chosen = choices.value;
  show();
});
element('heat-legend').replaceChildren(...heatKeys('all requests'));
const connection = listen<SessionEvent>((event) => {
  state = afterEvent(state, event);
  if (event.kind === 'session') element('connection').textContent = 'live';
  show();
  if (state?.ended !== undefined) connection.close('ended');
});
