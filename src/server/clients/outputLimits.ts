/** client-output-buffer-limit: how many bytes of replies a client may leave unread, at most (hard) and for how long (soft). */
import type { Client } from './client.ts';

export interface OutputLimit {
  /** 0 is no limit. */
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softSec: number;
}

/** By class; there are no replicas whose limit could be met. */
export interface OutputLimits {
  readonly normal: OutputLimit;
  readonly pubsub: OutputLimit;
}

export const NO_OUTPUT_LIMITS: OutputLimits = {
  normal: { hardBytes: 0, softBytes: 0, softSec: 0 },
  pubsub: { hardBytes: 0, softBytes: 0, softSec: 0 },
};

/** From `normal H S T slave H S T pubsub H S T`. */
export function parseOutputLimits(text: string): OutputLimits {
  const words = text.split(' ');
  const limitOf = (name: string): OutputLimit => {
    const [hardBytes, softBytes, softSec] = words.slice(words.indexOf(name) + 1).map(Number);
    return { hardBytes: hardBytes!, softBytes: softBytes!, softSec: softSec! };
  };
  return { normal: limitOf('normal'), pubsub: limitOf('pubsub') };
}

/** Clients beyond their soft limit, since when. */
export class SoftLimits {
  readonly #sinceMs = new Map<Client, number>();

  /** Whether so many unread bytes end the connection; why, or undefined. */
  verdict(client: Client, pendingBytes: number, limits: OutputLimits, nowMs: number): string | undefined {
    const { hardBytes, softBytes, softSec } =
      client.subscriptions === undefined ? limits.normal : limits.pubsub;
    if (hardBytes !== 0 && pendingBytes >= hardBytes)
      return `output buffer limit of ${hardBytes} bytes exceeded`;
    if (softBytes === 0 || pendingBytes < softBytes) {
      this.#sinceMs.delete(client);
      return undefined;
    }
    const sinceMs = this.#sinceMs.get(client);
    if (sinceMs === undefined) this.#sinceMs.set(client, nowMs);
    else if (nowMs - sinceMs > softSec * 1000)
      return `soft output buffer limit of ${softBytes} bytes exceeded for ${softSec} seconds`;
    return undefined;
  }

  /** Looks again at those who are beyond it: they may write nothing more. */
  tick(): void {
    for (const client of [...this.#sinceMs.keys()]) client.link.enforceOutputLimit();
  }

  /** The connection has ended. */
  forget(client: Client): void {
    this.#sinceMs.delete(client);
  }
}
