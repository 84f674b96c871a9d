/** One session, several who are told of it. */
import type { SessionProgress } from './runner.ts';

export function toldToAll(listeners: readonly SessionProgress[]): SessionProgress {
  const each = (tell: (listener: SessionProgress) => void): void => {
    for (const listener of listeners) tell(listener);
  };
  return {
    note: (line) => each((listener) => listener.note(line)),
    planned: (plan, session) => each((listener) => listener.planned(plan, session)),
    blockStarted: (block, progress) => each((listener) => listener.blockStarted(block, progress)),
    blockEnded: (block) => each((listener) => listener.blockEnded(block)),
    ended: (session) => each((listener) => listener.ended(session)),
  };
}
