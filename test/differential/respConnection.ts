/** A socket that sends bytes and hands back whole replies, undecoded. */
import net from 'node:net';
import { replyEnd } from './replyTree.ts';

export class RespConnection {
  readonly #socket: net.Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #wake: () => void = () => {};
  #failure: Error | undefined;
  /** True once the server has closed it. */
  closed = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#buffer =
        this.#at === this.#buffer.length ? chunk : Buffer.concat([this.#buffer.subarray(this.#at), chunk]);
      this.#at = 0;
      this.#wake();
    });
    socket.on('error', (error) => {
      this.#failure = error;
    });
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static open(port: number, host = '127.0.0.1'): Promise<RespConnection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, host);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RespConnection(socket));
      });
    });
  }

  /** Over a socket that is connected already. */
  static of(socket: net.Socket): RespConnection {
    return new RespConnection(socket);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The next `count` replies. Fails when the connection ends before, or after `timeoutMs`. */
  async receive(count: number, timeoutMs = 10_000): Promise<Buffer[]> {
    const replies: Buffer[] = [];
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      while (replies.length < count && this.#at < this.#buffer.length) {
        const end = replyEnd(this.#buffer, this.#at);
        if (end < 0) break;
        replies.push(this.#buffer.subarray(this.#at, end));
        this.#at = end;
      }
      if (replies.length === count) return replies;
      if (this.closed)
        throw new Error(`connection closed after ${replies.length} of ${count} replies`, {
          cause: this.#failure,
        });
      if (performance.now() > deadlineMs)
        throw new Error(`${replies.length} of ${count} replies within ${timeoutMs} ms`);
      await this.#more(Math.max(1, deadlineMs - performance.now()));
    }
  }

  #more(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.closed) this.#wake();
    });
  }

  /** Bytes received and not yet taken. */
  get unread(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  /** Stops or resumes taking bytes from the kernel: a slow reader. */
  setReading(reading: boolean): void {
    if (reading) this.#socket.resume();
    else this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }
}
