/** The events a page lives on, and the line in its head that says whether they come. */
import { element } from './elements.ts';

export interface Connection {
  readonly isOpen: boolean;
  /** Asks for nothing more; the line keeps what it is given. */
  close(text: string): void;
}

/** Listens to `/events`; the browser connects again by itself after a loss. */
export function listen<Event>(onEvent: (event: Event) => void): Connection {
  const line = element('connection');
  const events = new EventSource('/events');
  let isOpen = false;
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
  return {
    get isOpen() {
      return isOpen;
    },
    close(text) {
      isOpen = false;
      events.close();
      line.textContent = text;
      line.className = '';
    },
  };
}
