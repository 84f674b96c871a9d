/**
 * Somebody who looks: scrapes a server's metrics once a second and keeps its live page's stream open, as Prometheus and a browser do. What
 * comes is thrown away unread: there is a generator on the same core, whose delays would count as the server's.
 */
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const SCRAPE_MS = 1000;
const POLL_MS = 20;
/** The control plane opens a little after the data port. */
const OPEN_TIMEOUT_MS = 5000;

export class Observers {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #timer: NodeJS.Timeout;
  #hasLeft = false;
  #failure: Error | undefined;

  private constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => this.#look('/metrics'), SCRAPE_MS);
    this.#look('/events');
  }

  /** Rejects if the control plane does not open. */
  static async open(url: string): Promise<Observers> {
    const deadlineMs = performance.now() + OPEN_TIMEOUT_MS;
    for (;;) {
      const isOpen = await fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isOpen) return new Observers(url);
      if (performance.now() > deadlineMs) throw new Error(`nothing answers at ${url}`);
      await setTimeout(POLL_MS);
    }
  }

  /** @throws if the server was not observed all the time. */
  stop(): void {
    this.#hasLeft = true;
    clearInterval(this.#timer);
    this.#agent.destroy();
    if (this.#failure !== undefined)
      throw new Error(`the server was lost from sight: ${this.#failure.message}`);
  }

  #look(path: '/metrics' | '/events'): void {
    const failed = (reason: Error): void => {
      if (!this.#hasLeft) this.#failure ??= reason;
    };
    const ended = (): void => {
      if (path === '/events') failed(new Error('its stream of events ended'));
    };
    get(`${this.#url}${path}`, { agent: this.#agent }, (response: IncomingMessage) => {
      if (response.statusCode !== 200) failed(new Error(`${path} answered with ${response.statusCode}`));
      response.resume().on('error', failed).on('end', ended);
    }).on('error', failed);
  }
}
