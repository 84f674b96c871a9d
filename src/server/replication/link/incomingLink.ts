/**
 * A connection that some node has dialled to this one: after the handshake everything it says comes here. Which peer it is shows by
 * its replica, once this node has dialled that peer in turn; until then nothing more is read, and the kernel holds it back.
 */
import type { Socket, SocketEvents } from '../../../ports/net.ts';
import { encodeFrame, FRAME_BYTES_MAX, FrameDecoder } from '../wire/frames.ts';
import { WireError } from '../wire/wireBytes.ts';
import {
  decodeGreeting,
  encodeGreeting,
  type Greeting,
  HANDSHAKE_BYTES_MAX,
  type Prover,
} from './handshake.ts';

export interface IncomingEvents {
  /** Takes in a payload of `replica`, or throws WireError. */
  payload(replica: string, payload: Uint8Array): void;
  /** True once `replica` is known to be a peer. */
  isPeer(replica: string): boolean;
  fault(replica: string, reason: string): void;
  closed(link: IncomingLink): void;
}

export class IncomingLink implements SocketEvents {
  readonly #socket: Socket;
  readonly #greeting: Greeting;
  readonly #prover: Prover;
  readonly #events: IncomingEvents;
  readonly #decoder = new FrameDecoder(HANDSHAKE_BYTES_MAX);
  /** Whole frames that came with the proof, before the peer is known. */
  readonly #early: Uint8Array[] = [];
  #dialler: Greeting | undefined;
  #isTrusted = false;
  #isClosed = false;

  constructor(socket: Socket, greeting: Greeting, prover: Prover, events: IncomingEvents) {
    this.#socket = socket;
    this.#greeting = greeting;
    this.#prover = prover;
    this.#events = events;
  }

  get replica(): string {
    return this.#isTrusted ? this.#dialler!.replica : '';
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  /** The dialler has become known as a peer: what was held back is read. */
  resume(): void {
    this.#guard(() => {
      for (const payload of this.#early.splice(0)) this.#events.payload(this.replica, payload);
    });
    this.#socket.resumeReading();
  }

  onData(buffer: Uint8Array, length: number): void {
    if (!this.#isClosed)
      this.#guard(() => this.#decoder.push(buffer, length, (payload) => this.#take(payload)));
  }

  onDrain(): void {}

  onClose(): void {
    this.#events.closed(this);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#events.fault(this.replica, error.message);
      this.close();
    }
  }

  #take(payload: Uint8Array): void {
    if (this.#dialler === undefined) {
      this.#dialler = decodeGreeting(payload);
      const proof = this.#prover.prove('acceptor', this.#dialler, this.#greeting);
      this.#socket.write(encodeFrame(encodeGreeting(this.#greeting, proof)));
      return;
    }
    if (!this.#isTrusted) {
      this.#prover.check(payload, 'dialler', this.#dialler, this.#greeting);
      this.#isTrusted = true;
      this.#decoder.payloadBytesMax = FRAME_BYTES_MAX;
      if (!this.#events.isPeer(this.replica)) this.#socket.pauseReading();
      return;
    }
    if (this.#early.length > 0 || !this.#events.isPeer(this.replica)) this.#early.push(payload);
    else this.#events.payload(this.replica, payload);
  }
}
