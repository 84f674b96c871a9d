/** The connection this node has dialled to a peer: after the handshake it carries everything this node says to it, and nothing back. */
import type { Socket, SocketEvents } from '../../../ports/net.ts';
import type { PeerLink } from '../replicationNode.ts';
import { encodeFrame, FrameDecoder } from '../wire/frames.ts';
import { WireError } from '../wire/wireBytes.ts';
import {
  decodeAnswer,
  encodeGreeting,
  type Greeting,
  HANDSHAKE_BYTES_MAX,
  type Prover,
} from './handshake.ts';

export interface OutgoingEvents {
  /** The peer has proved itself. */
  open(replica: string): void;
  closed(): void;
  /** Something came that should not have; the connection is gone. */
  fault(reason: string): void;
}

export class OutgoingLink implements SocketEvents, PeerLink {
  readonly #socket: Socket;
  readonly #greeting: Greeting;
  readonly #prover: Prover;
  readonly #events: OutgoingEvents;
  readonly #decoder = new FrameDecoder(HANDSHAKE_BYTES_MAX);
  #isOpen = false;

  constructor(socket: Socket, greeting: Greeting, prover: Prover, events: OutgoingEvents) {
    this.#socket = socket;
    this.#greeting = greeting;
    this.#prover = prover;
    this.#events = events;
    socket.write(encodeFrame(encodeGreeting(greeting)));
  }

  send(payload: Uint8Array): void {
    this.#socket.write(encodeFrame(payload));
  }

  queuedBytes(): number {
    return this.#socket.pendingBytes();
  }

  close(): void {
    this.#socket.destroy();
  }

  onData(buffer: Uint8Array, length: number): void {
    try {
      this.#decoder.push(buffer, length, (payload) => this.#answered(payload));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#events.fault(error.message);
      this.close();
    }
  }

  onDrain(): void {}

  onClose(): void {
    this.#events.closed();
  }

  #answered(payload: Uint8Array): void {
    if (this.#isOpen) throw new WireError('an answer after the answer');
    const { greeting, proof } = decodeAnswer(payload);
    this.#prover.check(proof, 'acceptor', this.#greeting, greeting);
    this.send(this.#prover.prove('dialler', this.#greeting, greeting));
    this.#isOpen = true;
    this.#events.open(greeting.replica);
  }
}
