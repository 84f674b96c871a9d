/** Somebody who looks: scrapes a server's metrics once a second and keeps its live page's stream open, as Prometheus and a browser do. */

const SCRAPE_MS = 1000;

export class Observers {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #left = new AbortController();
  /** Scrapes that were answered whole; frames of the stream. */
  scrapes = 0;
  frameBytes = 0;

  constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => void this.#scrape(), SCRAPE_MS);
    void this.#listen();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#left.abort();
  }

  async #scrape(): Promise<void> {
    try {
      const response = await fetch(`${this.#url}/metrics`, { signal: this.#left.signal });
      await response.text();
      this.scrapes++;
    } catch (error) {
      if (!this.#left.signal.aborted) throw error;
    }
  }

  async #listen(): Promise<void> {
    try {
      const response = await fetch(`${this.#url}/events`, { signal: this.#left.signal });
      for await (const chunk of response.body!) this.frameBytes += (chunk as Uint8Array).length;
    } catch (error) {
      if (!this.#left.signal.aborted) throw error;
    }
  }
}
