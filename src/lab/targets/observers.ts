/** Somebody who looks: scrapes a server's metrics once a second and keeps its live page's stream open, as Prometheus and a browser do. */
import { setTimeout } from 'node:timers/promises';

const SCRAPE_MS = 1000;
const POLL_MS = 20;
/** The control plane opens a little after the data port. */
const OPEN_TIMEOUT_MS = 5000;

export class Observers {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #left = new AbortController();
  #failure: Error | undefined;

  private constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => this.#look(this.#scrape()), SCRAPE_MS);
    this.#look(this.#listen());
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
    clearInterval(this.#timer);
    this.#left.abort();
    if (this.#failure !== undefined)
      throw new Error(`the server was lost from sight: ${this.#failure.message}`);
  }

  #look(looking: Promise<void>): void {
    looking.catch((error: Error) => {
      if (!this.#left.signal.aborted) this.#failure ??= error;
    });
  }

  async #scrape(): Promise<void> {
    await (await fetch(`${this.#url}/metrics`, { signal: this.#left.signal })).text();
  }

  async #listen(): Promise<void> {
    const response = await fetch(`${this.#url}/events`, { signal: this.#left.signal });
    for await (const _ of response.body!);
  }
}
