/** The events a page lives on, and the line in its head that says whether they come. */
import { element } from './elements.ts';

export interface Connection {
  readonly isOpen: boolean;
  /** Asks for nothing more; the line keeps what it is given. */
  close(text: string): void;
}

/**
 * Listens to `/events`, whose first event is all that was so far; the browser connects again by itself after a loss. A page that nobody
 * sees leaves, because telling it takes CPU from what it shows, and asks anew when it is seen again.
 */
export function listen<Event>(onEvent: (event: Event) => void): Connection {
  const line = element('connection');
  let isOpen = false;
  let isEnded = false;
  let events: EventSource | undefined;
  const open = (): void => {
    events = new EventSource('/events');
    events.onmessage = ({ data }) => onEvent(JSON.parse(data as string) as Event);
    events.onopen = () => {
      isOpen = true;
      line.className = '';
    };
    events.onerror = () => {
      isOpen = false;
      line.textContent = 'connection lost, trying again';
      line.className = 'lost';
    };
  };
  const leave = (): void => {
    isOpen = false;
    events?.close();
    events = undefined;
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) leave();
    else if (events === undefined && !isEnded) open();
  });
  if (!document.hidden) open();
  return {
    get isOpen() {
      return isOpen;
    },
    close(text) {
      isEnded = true;
      leave();
      line.textContent = text;
      line.className = '';
    },
  };
}
