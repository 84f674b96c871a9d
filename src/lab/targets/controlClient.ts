/**
 * A small RESP2 client for what the lab asks beside the load: PING, INFO, CONFIG, FLUSHALL, MEMORY. One connection, one
 * command at a time, replies as plain values; not for load.
 */
import net from 'node:net';
import type { ControlReply, Endpoint } from './target.ts';

const timeoutMsDefault = 30_000;

/** Thrown for an error reply; `message` is the server's text. */
export class ErrorReply extends Error {
  override readonly name = 'ErrorReply';
}

/** Reads one reply at `at`. @returns the value and the position after it, or undefined if it is not all there yet. */
export function parseReply(bytes: Buffer, at: number): { value: ControlReply; next: number } | undefined {
  const end = bytes.indexOf('\r\n', at, 'latin1');
  if (end < 0) return undefined;
  const line = bytes.toString('utf8', at + 1, end);
  const next = end + 2;
  switch (String.fromCharCode(bytes[at]!)) {
    case '+':
      return { value: line, next };
    case '-':
      return { value: new ErrorReply(line), next };
    case ':':
      return { value: Number(line), next };
    case '$': {
      const length = Number(line);
      if (length < 0) return { value: null, next };
      if (bytes.length < next + length + 2) return undefined;
      return { value: bytes.toString('utf8', next, next + length), next: next + length + 2 };
    }
    case '*': {
      const length = Number(line);
      if (length < 0) return { value: null, next };
      const values: ControlReply[] = [];
      let position = next;
      for (let i = 0; i < length; i++) {
        const element = parseReply(bytes, position);
        if (!element) return undefined;
        values.push(element.value);
        position = element.next;
      }
      return { value: values, next: position };
    }
    default:
      throw new Error(`not a RESP reply: ${JSON.stringify(bytes.toString('latin1', at, at + 40))}`);
  }
}

export class ControlClient {
  readonly #socket: net.Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve(value: ControlReply): void; reject(error: Error): void } | undefined;
  #broken: Error | undefined;
  /** One command at a time: each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#break(error));
    socket.on('close', () => this.#break(new Error('the target closed the control connection')));
  }

  /** Connects, authenticates and selects as the endpoint says. Rejects within `timeoutMs`. */
  static async connect(endpoint: Endpoint, timeoutMs = 5000): Promise<ControlClient> {
    const socket = net.connect({ host: endpoint.host, port: endpoint.port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(timeoutMs, () => reject(new Error('connecting took too long')));
      socket.once('connect', resolve);
      socket.once('error', reject);
    }).catch((error: unknown) => {
      socket.destroy();
      throw error;
    });
    socket.setTimeout(0);
    const client = new ControlClient(socket);
    const { username, password, db } = endpoint;
    try {
      if (password !== undefined) {
        await client.command(['AUTH', ...(username ? [username] : []), password], timeoutMs);
      }
      if (db) await client.command(['SELECT', String(db)], timeoutMs);
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  /** Rejects with ErrorReply on an error reply, with Error when the connection breaks or nothing comes in time. */
  command(words: readonly string[], timeoutMs = timeoutMsDefault): Promise<ControlReply> {
    const answered = this.#last.then(() => this.#exchange(words, timeoutMs));
    this.#last = answered.catch(() => {});
    return answered;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #exchange(words: readonly string[], timeoutMs: number): Promise<ControlReply> {
    if (this.#broken) throw this.#broken;
    let timer: NodeJS.Timeout | undefined;
    try {
      const value = await new Promise<ControlReply>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        // A late answer would be taken for the next command's, so the connection cannot be used on.
        timer = setTimeout(
          () => this.#break(new Error(`${words[0]} was not answered within ${timeoutMs} ms`)),
          timeoutMs,
        );
        const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
        this.#socket.write(`*${words.length}\r\n${parts.join('')}`);
      });
      if (value instanceof Error) throw value;
      return value;
    } finally {
      clearTimeout(timer);
    }
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      const reply = parseReply(this.#received, 0);
      if (!reply) return;
      this.#received = this.#received.subarray(reply.next);
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(reply.value);
    } catch (error) {
      this.#break(error as Error);
    }
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.#socket.destroy();
  }
}

/** INFO's text as a flat map; section heads and blank lines are left out. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}
