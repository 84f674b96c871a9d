/** The session as a listener knows it: what it was told first, changed by every event after. */
import type { RunningFrame, SessionEvent, SessionState } from './sessionEvent.ts';

/** @param state undefined until the first event, which is always `session`. */
export function afterEvent(state: SessionState | undefined, event: SessionEvent): SessionState | undefined {
  if (event.kind === 'session') return event.state;
  if (state === undefined) return undefined;
  switch (event.kind) {
    case 'outline':
      return { ...state, outline: event.outline };
    case 'started':
      return { ...state, running: event.running };
    case 'phase':
      return state.running ? { ...state, running: { ...state.running, phase: event.phase } } : state;
    case 'measured': {
      const { running } = state;
      if (running === undefined) return state;
      return { ...state, running: { ...running, columns: [...running.columns, ...event.columns] } };
    }
    case 'block': {
      const { running } = state;
      const blocks = [...state.blocks, event.block];
      return running === undefined ? { ...state, blocks } : { ...state, blocks, running: atStart(running) };
    }
    case 'ratios':
      return { ...state, ratios: event.ratios };
    case 'note':
      return { ...state, notes: [...state.notes, event.line] };
    case 'ended': {
      const { running: _, ...others } = state;
      return { ...others, ended: event.text };
    }
  }
}

/** As it was when it began: a rejected block is run again at once, without a new start. */
export function atStart({ phase: _, ...running }: RunningFrame): RunningFrame {
  return { ...running, columns: [] };
}
