/**
 * A connection in the ring. It has at most three operations there:
 *
 *   RECEIVE  multishot: armed once, completes for every piece that arrives, until it is cancelled or fails
 *   SEND     one at a time, and
 *   WRITABLE a poll, only while the peer's side is full (both: sendQueue.ts)
 *
 * Pausing cancels RECEIVE; pieces that were already on their way are copied and kept for the resumption. Closing cancels everything
 * and closes the descriptor, all in one batch and in this order, so nothing is ever begun on a descriptor that may be somebody else's.
 */
import { copyOf } from '../../../base/bytes.ts';
import type { Socket, SocketEvents } from '../../net.ts';
import { formatAddress, isLoopback } from '../addressText.ts';
import type { CompletionOwner } from './completions.ts';
import * as layout from './kernelLayout.ts';
import { Operations } from './operations.ts';
import { SEND, SendQueue, type SendQueueOwner } from './sendQueue.ts';
import { decodeSocketAddress, type Endpoint } from './socketAddress.ts';
import type { UringContext } from './uringContext.ts';
import type { Deferred } from './uringLoop.ts';

const RECEIVE = 0;

const SOL_SOCKET = 1;
const SO_KEEPALIVE = 9;
const IPPROTO_TCP = 6;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;
/** As libuv sets them: ten probes, one a second. */
const KEEPALIVE_PROBES = 10;
const KEEPALIVE_PROBE_SEC = 1;

export class UringSocket implements Socket, CompletionOwner, SendQueueOwner, Deferred {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly fd: number;
  readonly fromLoopback: boolean;
  readonly #context: UringContext;
  readonly #operations: Operations;
  readonly #sends: SendQueue;
  #events: SocketEvents | undefined;
  /** RECEIVE is in the ring. */
  #receiving = false;
  /** ... and was told to stop. */
  #cancelling = false;
  #paused = false;
  /** Pieces that arrived while paused. */
  #held: Uint8Array[] = [];
  /** The peer has sent its last byte; noticed once nothing is held. */
  #peerEnded = false;
  #ending = false;
  #closed = false;

  constructor(context: UringContext, fd: number) {
    this.#context = context;
    this.fd = fd;
    this.#operations = new Operations(context, this);
    this.#sends = new SendQueue(context, this.#operations, this, fd);
    const remote = endpoint(context.calls.peerName(fd));
    const local = endpoint(context.calls.localName(fd));
    this.remoteAddress = formatAddress(remote?.address, remote?.port);
    this.localAddress = formatAddress(local?.address, local?.port);
    this.fromLoopback = remote !== undefined && isLoopback(remote.address);
  }

  /** From here on `events` is told. */
  start(events: SocketEvents): void {
    this.#events = events;
    this.#receive();
  }

  write(bytes: Uint8Array, length = bytes.length, lent = false): boolean {
    if (this.#ending || this.#closed) return true;
    return this.#sends.write(bytes, length, lent);
  }

  pendingBytes(): number {
    return this.#sends.backlogBytes;
  }

  pauseReading(): void {
    this.#paused = true;
    this.#stopReceiving();
  }

  resumeReading(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#held.length > 0 || this.#peerEnded) this.#context.loop.defer(this);
    else this.#receive();
  }

  end(): void {
    if (this.#ending || this.#closed) return;
    this.#ending = true;
    this.#stopReceiving();
    if (this.#sends.isEmpty) this.destroy();
  }

  destroy(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopReceiving();
    this.#sends.close();
    this.#operations.close(this.fd);
    this.#context.loop.defer(this);
  }

  setKeepAlive(intervalSec: number): void {
    if (this.#closed) return;
    const { calls } = this.#context;
    calls.setOption(this.fd, SOL_SOCKET, SO_KEEPALIVE, intervalSec > 0 ? 1 : 0);
    if (intervalSec <= 0) return;
    calls.setOption(this.fd, IPPROTO_TCP, TCP_KEEPIDLE, intervalSec);
    calls.setOption(this.fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_PROBE_SEC);
    calls.setOption(this.fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
  }

  onCompletion(operation: number, result: number, flags: number): void {
    if (operation === RECEIVE) this.#onReceived(result, flags);
    else if (operation === SEND) {
      this.#sends.onSent(result);
      this.#operations.ended();
    } else {
      this.#sends.onWritable();
      this.#operations.ended();
    }
  }

  onAllSent(behind: boolean): void {
    if (this.#ending) this.destroy();
    else if (behind) this.#events?.onDrain();
  }

  onSendFailure(): void {
    this.destroy();
  }

  /** From the loop: what was kept while paused, or the end. */
  runDeferred(): void {
    if (this.#closed) {
      this.#held = [];
      const events = this.#events;
      this.#events = undefined;
      events?.onClose();
      return;
    }
    while (this.#held.length > 0 && !this.#paused && !this.#ending) {
      const piece = this.#held.shift()!;
      this.#events!.onData(piece, piece.length);
    }
    if (this.#paused || this.#ending) return;
    if (this.#peerEnded) this.end();
    else this.#receive();
  }

  #receive(): void {
    if (this.#receiving || this.#paused || this.#ending || this.#closed || this.#peerEnded) return;
    if (this.#held.length > 0) return;
    this.#receiving = true;
    const base = this.#operations.begin(
      RECEIVE,
      layout.sqeHead(layout.OP_RECV, layout.SQE_BUFFER_SELECT, layout.RECV_MULTISHOT),
      this.fd,
    );
    this.#context.ring.entries[base + layout.SQE_BUFFER_GROUP] = this.#context.receiveBuffers.group;
  }

  #stopReceiving(): void {
    if (!this.#receiving || this.#cancelling) return;
    this.#cancelling = true;
    this.#operations.cancel(RECEIVE);
  }

  #onReceived(result: number, flags: number): void {
    if ((flags & layout.CQE_HAS_BUFFER) !== 0) {
      const { receiveBuffers } = this.#context;
      if (result > 0) this.#take(receiveBuffers.view(flags), result);
      receiveBuffers.recycle(flags);
    }
    if ((flags & layout.CQE_MORE) !== 0) return;
    this.#receiving = false;
    this.#cancelling = false;
    if (result === 0) this.#onPeerEnded();
    else if (result === -layout.ENOBUFS) this.#context.receiveBuffers.grow();
    else if (result < 0 && !isHarmless(-result)) this.destroy();
    this.#receive();
    this.#operations.ended();
  }

  #take(buffer: Uint8Array, length: number): void {
    if (this.#ending || this.#closed) return;
    if (this.#paused || this.#held.length > 0) this.#held.push(copyOf(buffer, 0, length));
    else this.#events!.onData(buffer, length);
  }

  #onPeerEnded(): void {
    this.#peerEnded = true;
    if (!this.#paused && this.#held.length === 0) this.end();
  }
}

const isHarmless = (errorNumber: number): boolean =>
  errorNumber === layout.ECANCELED || errorNumber === layout.EINTR || errorNumber === layout.EAGAIN;

const endpoint = (bytes: Uint8Array | undefined): Endpoint | undefined =>
  bytes === undefined ? undefined : decodeSocketAddress(bytes);
