/**
 * A listening socket whose connections come as completions of one multishot accept.
 *
 * TCP_NODELAY is set on the listening socket: Linux hands it down to what it accepts, so no call per connection is needed.
 */
import type { Listener, ListenOptions } from '../../net.ts';
import type { CompletionOwner } from './completions.ts';
import * as layout from './kernelLayout.ts';
import { Operations } from './operations.ts';
import { AF_INET6, decodeSocketAddress, encodeSocketAddress } from './socketAddress.ts';
import type { UringContext } from './uringContext.ts';

const ACCEPT = 0;
/** Out of descriptors or memory: as long as nothing was given back, trying again at once would only spin. */
const RETRY_MS = 100;

const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_REUSEPORT = 15;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;

export class UringListener implements Listener, CompletionOwner {
  readonly port: number;
  readonly address: string;
  readonly #context: UringContext;
  readonly #onAccepted: (fd: number) => void;
  readonly #operations: Operations;
  readonly fd: number;
  #closed = false;

  /** `options.host` is a numeric address. Throws a SystemCallError. */
  constructor(context: UringContext, options: ListenOptions, onAccepted: (fd: number) => void) {
    this.#context = context;
    this.#onAccepted = onAccepted;
    this.fd = boundSocket(context, options);
    const bound = decodeSocketAddress(context.calls.localName(this.fd)!)!;
    this.port = bound.port;
    this.address = bound.address;
    this.#operations = new Operations(context, this);
    this.#accept();
    context.loop.start();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#operations.cancel(ACCEPT);
    this.#operations.close(this.fd);
    // At once and not with the turn's end: whoever closes a listener may be about to bind its port again.
    this.#context.ring.submitAndWait(0);
  }

  #accept(): void {
    const { entries } = this.#context.ring;
    const head = layout.sqeHead(layout.OP_ACCEPT, 0, layout.ACCEPT_MULTISHOT);
    const base = this.#operations.begin(ACCEPT, head, this.fd);
    entries[base + layout.SQE_OPERATION_FLAGS] = layout.ACCEPT_CLOEXEC;
  }

  onCompletion(_operation: number, result: number, flags: number): void {
    if (result >= 0) {
      if (this.#closed) this.#context.calls.close(result);
      else this.#onAccepted(result);
    }
    if ((flags & layout.CQE_MORE) !== 0) return;
    if (!this.#closed) {
      if (isShortage(-result)) this.#acceptLater();
      else this.#accept();
    }
    this.#operations.ended();
  }

  #acceptLater(): void {
    this.#context.loop.after(RETRY_MS, () => {
      if (!this.#closed) this.#accept();
    });
  }
}

/** A peer that gave up in the queue (ECONNABORTED and its like) is no reason to wait; a shortage of ours is. */
const isShortage = (errorNumber: number): boolean =>
  errorNumber === layout.EMFILE ||
  errorNumber === layout.ENFILE ||
  errorNumber === layout.ENOBUFS ||
  errorNumber === layout.ENOMEM;

function boundSocket({ calls }: UringContext, options: ListenOptions): number {
  const { family, bytes } = encodeSocketAddress({ address: options.host, port: options.port });
  const fd = calls.socket(family);
  try {
    calls.setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (options.reusePort) calls.setOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (family === AF_INET6) calls.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    calls.setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    calls.bind(fd, bytes);
    calls.listen(fd, options.backlog);
    return fd;
  } catch (error) {
    calls.close(fd);
    throw error;
  }
}
