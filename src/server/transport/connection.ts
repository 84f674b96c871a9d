/**
 * One client's connection: bytes in, requests run, one write out per turn.
 *
 * Bytes are decoded where the kernel put them, in the thread's shared read buffer. Only the tail of a request that did not
 * arrive whole is copied, into `#pending`, and later bytes are appended there until nothing is left over.
 */
import { threadBuffers } from '../../base/bufferPool.ts';
import { copyOf } from '../../base/bytes.ts';
import type { Socket, SocketEvents } from '../../ports/net.ts';
import type { Client, ClientLink } from '../clients/client.ts';
import { endSession } from '../clients/endSession.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { AppendOnlyFile } from '../persistence/appendOnly/appendOnlyFile.ts';
import { DecodeState } from '../protocol/decodeState.ts';
import type { RequestReader, RequestSource } from '../protocol/requestReader.ts';
import type { RespEncoder } from '../protocol/respEncoder.ts';
import type { ReplyQueue } from '../routing/replyQueue.ts';
import type { ServerState } from '../serverState.ts';

const PENDING_BYTES_MIN = 4096;

export class Connection implements SocketEvents, ClientLink, RequestSource {
  readonly client: Client;
  readonly decodeState = new DecodeState();
  partialArguments: Arguments | undefined;
  owed: ReplyQueue | undefined;
  readonly #socket: Socket;
  readonly #server: ServerState;
  readonly #reader: RequestReader;
  readonly #encoder: RespEncoder;
  #pending: Uint8Array | undefined;
  #pendingStart = 0;
  #pendingEnd = 0;
  /** Reads nothing and runs nothing: held by CLIENT PAUSE, or throttled because of what other shards owe. */
  #paused = false;
  #held = false;
  #throttled = false;
  /** While requests of this client run, until its flush. */
  #inTurn = false;
  #closing = false;
  #closed = false;

  constructor(socket: Socket, server: ServerState, reader: RequestReader, encoder: RespEncoder) {
    this.#socket = socket;
    this.#server = server;
    this.#reader = reader;
    this.#encoder = encoder;
    this.client = server.clients.add(this, server.clock.nowMs());
  }

  get address(): string {
    return this.#socket.remoteAddress;
  }

  get localAddress(): string {
    return this.#socket.localAddress;
  }

  get fd(): number {
    return this.#socket.fd;
  }

  get halted(): boolean {
    const { blocked, remoteWait } = this.client;
    return this.#closing || this.#paused || blocked !== undefined || remoteWait !== undefined;
  }

  onData(buffer: Uint8Array, length: number): void {
    if (this.#closing) return;
    const server = this.#server;
    server.probe.batchBegins();
    const nowMs = server.clock.nowMs();
    server.context.nowMs = nowMs;
    server.stats.netInputBytes += length;
    const client = this.client;
    client.lastInteractionMs = nowMs;
    client.bytesIn += length;
    this.#inTurn = true;
    if (this.#pending !== undefined) {
      this.#append(buffer, length);
      this.#run();
    } else {
      const at = this.#reader.read(this, buffer, 0, length);
      if (at < length && !this.#closing) this.#keep(buffer, at, length);
    }
    this.flush();
    if (server.tracking.isDue) server.tracking.broadcast();
    if (server.clientMemory.limitBytes !== 0) server.clientMemory.note(client);
    server.probe.batchEnds(client.id, this.#socket.pendingBytes());
    server.blocked.resume();
  }

  /** Runs what is pending, then keeps only the tail. */
  #run(): void {
    const pending = this.#pending!;
    const at = this.#reader.read(this, pending, this.#pendingStart, this.#pendingEnd);
    if (this.#closing) {
      this.#pending = undefined;
    } else if (at === this.#pendingEnd) {
      this.#pending = undefined;
      threadBuffers.giveBack(pending);
    } else {
      this.#pendingStart = at;
      this.#enforceQueryBufferLimit();
    }
  }

  #keep(buffer: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const pending = threadBuffers.borrow(Math.max(PENDING_BYTES_MIN, this.#capacityFor(length, start)));
    pending.set(buffer.subarray(start, end));
    this.#pending = pending;
    this.#pendingStart = 0;
    this.#pendingEnd = length;
    this.#shift(-start);
  }

  /** Room for what is there and, where a bulk's length is known, for that bulk; it is filled only as bytes arrive. */
  #capacityFor(length: number, start: number): number {
    const state = this.decodeState;
    if (state.argumentsRemaining === 0 || state.bulkLength < 0) return length;
    const needed = state.position - start + state.bulkLength + 2;
    // Never more than twice what has really arrived: a promised length is not a paid one.
    return Math.min(needed, Math.max(length * 2, PENDING_BYTES_MIN));
  }

  #append(buffer: Uint8Array, length: number): void {
    let pending = this.#pending!;
    const held = this.#pendingEnd - this.#pendingStart;
    if (this.#pendingEnd + length > pending.length) {
      const from = this.#pendingStart;
      if (held + length > pending.length) {
        const larger = threadBuffers.borrow(
          Math.max(held + length, Math.min(pending.length * 2, pending.length + 64 * 1024 * 1024)),
        );
        larger.set(pending.subarray(from, this.#pendingEnd));
        threadBuffers.giveBack(pending);
        this.#pending = pending = larger;
      } else {
        pending.copyWithin(0, from, this.#pendingEnd);
      }
      this.#pendingStart = 0;
      this.#pendingEnd = held;
      this.#shift(-from);
    }
    pending.set(buffer.subarray(0, length), this.#pendingEnd);
    this.#pendingEnd += length;
  }

  /** The partial request's offsets follow its bytes. */
  #shift(delta: number): void {
    if (delta === 0) return;
    this.decodeState.position += delta;
    this.decodeState.requestStart += delta;
    const args = this.partialArguments;
    if (args === undefined) return;
    for (let i = 0; i < args.count; i++) {
      args.starts[i]! += delta;
      args.ends[i]! += delta;
    }
  }

  #enforceQueryBufferLimit(): void {
    const limit = this.#server.configuration.number('client-query-buffer-limit');
    if (this.#pendingEnd - this.#pendingStart <= limit) return;
    this.#server.stats.queryLimitCloses++;
    this.#server.log.write(
      'warning',
      `Closing client ${this.client.id} (${this.address}): query buffer limit of ${limit} bytes exceeded.`,
    );
    this.closeNow();
  }

  /** Ends a turn: replies go out, and the connection ends if it was asked to. */
  flush(): void {
    this.#inTurn = false;
    this.sendReplies();
    if (this.#closing && !this.#closed) this.#endWhenSettled();
  }

  /** Ends the socket unless replies are still owed: then `settle` does. */
  #endWhenSettled(): void {
    if (this.owed !== undefined && this.owed.length > 0) return;
    const { appendOnlyFile } = this.#server;
    if (appendOnlyFile?.isHeld(this.client)) appendOnlyFile.hold(this.client, () => this.#socket.end());
    else this.#socket.end();
  }

  settle(): void {
    if (this.#closing && !this.#closed && !this.#inTurn) this.#socket.end();
  }

  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.client.bytesOut += bytes.length;
    this.#server.stats.netOutputBytes += bytes.length;
    const { appendOnlyFile } = this.#server;
    if (appendOnlyFile !== undefined && this.#isHeld(appendOnlyFile)) {
      this.#hold(appendOnlyFile, copyOf(bytes));
      return;
    }
    this.#socket.write(bytes);
    this.client.lastInteractionMs = this.#server.context.nowMs;
    if (this.#socket.pendingBytes() === 0) return;
    this.enforceOutputLimit();
    if (this.#server.clientMemory.limitBytes !== 0) this.#server.clientMemory.note(this.client);
  }

  sendReplies(): void {
    const encoder = this.#encoder;
    const length = encoder.unsentBytes();
    if (length === 0) return;
    this.client.bytesOut += length;
    this.#server.stats.netOutputBytes += length;
    const { appendOnlyFile } = this.#server;
    if (appendOnlyFile !== undefined && this.#isHeld(appendOnlyFile)) {
      this.#hold(appendOnlyFile, copyOf(encoder.take(), 0, length));
      encoder.taken(true);
      return;
    }
    const reusable = this.#closed || this.#socket.write(encoder.take(), length, encoder.lends);
    encoder.taken(reusable);
    if (this.#socket.pendingBytes() > 0) this.enforceOutputLimit();
  }

  /** What was written on the way to these replies is on its way to the disk; true if they have to wait for it. */
  #isHeld(file: AppendOnlyFile): boolean {
    file.flush();
    return file.isHeld(this.client);
  }

  /** Replies that go out when what this client wrote is safe. */
  #hold(file: AppendOnlyFile, bytes: Uint8Array): void {
    file.hold(this.client, () => {
      if (this.#closed) return;
      this.#socket.write(bytes, bytes.length);
      this.enforceOutputLimit();
    });
  }

  enforceOutputLimit(): void {
    if (this.#closed) return;
    const { context, log, outputLimits, softLimits, stats } = this.#server;
    const verdict = softLimits.verdict(this.client, this.#socket.pendingBytes(), outputLimits, context.nowMs);
    if (verdict === undefined) return;
    log.write('warning', `Closing client ${this.client.id} (${this.address}): ${verdict}.`);
    stats.outputLimitCloses++;
    this.closeNow();
  }

  /** Turned away at the door: the error, and the end. */
  refuse(error: string): void {
    this.#closing = true;
    this.client.closing = true;
    this.#socket.write(Buffer.from(`-${error}\r\n`, 'latin1'));
    this.#socket.end();
  }

  onDrain(): void {}

  onClose(): void {
    this.#closed = true;
    this.#closing = true;
    this.client.closing = true;
    this.#pending = undefined;
    this.#server.clients.remove(this.client);
    this.#server.softLimits.forget(this.client);
    endSession(this.#server, this.client);
  }

  closeAfterReply(): void {
    this.#closing = true;
    this.client.closing = true;
    // Inside a turn `flush` ends the socket; a close asked for by another client or by the server's end happens here.
    if (!this.#inTurn) this.#endWhenSettled();
  }

  closeNow(): void {
    this.#closed = true;
    this.#closing = true;
    this.client.closing = true;
    this.#socket.destroy();
  }

  setPaused(paused: boolean): void {
    this.#held = paused;
    this.#pauseIf(this.#held || this.#throttled);
  }

  setThrottled(throttled: boolean): void {
    this.#throttled = throttled;
    this.#pauseIf(this.#held || this.#throttled);
  }

  #pauseIf(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    if (paused) {
      this.#socket.pauseReading();
    } else {
      this.#socket.resumeReading();
      this.resume();
    }
  }

  resume(): void {
    if (this.#pending === undefined || this.halted) return;
    this.#server.context.nowMs = this.#server.clock.nowMs();
    this.#inTurn = true;
    this.#server.probe.batchBegins();
    this.#run();
    this.flush();
    this.#server.tracking.broadcast();
    this.#server.probe.batchEnds(this.client.id, this.#socket.pendingBytes());
  }

  queryBufferBytes(): number {
    return this.#pending === undefined ? 0 : this.#pendingEnd - this.#pendingStart;
  }

  queryBufferCapacityBytes(): number {
    return this.#pending?.length ?? 0;
  }

  outputBufferBytes(): number {
    return this.#socket.pendingBytes();
  }
}
