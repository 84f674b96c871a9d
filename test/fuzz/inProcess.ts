/**
 * Frames fed to two servers in process, one with every optimisation and one with none, in step: every frame is really parsed,
 * because a connection that has ended is reopened at once; an exception names the frame that caused it; and both must agree on
 * what is a protocol error and on when a connection ends.
 */
import { AVAILABLE_FLAGS } from '../../src/flags/registry.ts';
import { loadVariants } from '../../src/main/variants.ts';
import { CommandHarness, type HarnessClient } from '../../src/server/commands/commandHarness.ts';
import type { ShardVariants } from '../../src/server/shard.ts';
import { FrameSource } from './frames.ts';

const CLIENTS = 8;
/** Left in the middle of a lie, a connection swallows what follows; so it starts afresh now and then. */
const REOPEN_ONE_IN = 12;
const CHECK_EVERY_FRAMES = 5000;
/** No frame of the pool is refused for its size, yet all keys of that size fit anywhere. */
const BULK_BYTES_MAX = '4mb';

export interface InProcessResult {
  frames: number;
  protocolErrors: number;
  /** Connections reopened because the server had closed them. */
  closedByServer: number;
  /** After FLUSHALL with all connections closed, compared with before the first frame; the larger of the two servers. */
  keyspaceBytesGrown: number;
  clientsLeft: number;
}

interface Outcome {
  protocolError: boolean;
  closed: boolean;
}

/** One of the servers and its clients. */
class Side {
  readonly harness: CommandHarness;
  readonly #clients: HarnessClient[];
  readonly #keyspaceBytesBefore: number;

  constructor(seed: number, variants: ShardVariants) {
    this.harness = new CommandHarness({
      variants,
      seed,
      configuration: { 'proto-max-bulk-len': BULK_BYTES_MAX },
    });
    this.harness.client.close();
    this.#keyspaceBytesBefore = this.harness.server.usedMemoryBytes();
    this.#clients = Array.from({ length: CLIENTS }, () => this.harness.connect());
  }

  feed(slot: number, frame: Buffer, pieceBytes: number): Outcome {
    const client = this.#clients[slot]!;
    const output = client.send(frame, pieceBytes);
    return { protocolError: output.includes('-ERR Protocol error'), closed: client.socket.ended };
  }

  reopen(slot: number): void {
    this.#clients[slot]!.close();
    this.#clients[slot] = this.harness.connect();
  }

  /** What a new client is told. Time passes, so that what is due expires. */
  ping(): unknown {
    this.harness.advance(100);
    const client = this.harness.connect();
    const answer = client.run('PING');
    client.close();
    return answer;
  }

  /** Empties the server and takes all clients away; bytes left beyond those at the start. */
  clear(): number {
    for (const client of this.#clients) client.close();
    const last = this.harness.connect();
    last.run('FLUSHALL');
    last.close();
    // What is large is released in slices.
    this.harness.advance(100);
    return this.harness.server.usedMemoryBytes() - this.#keyspaceBytesBefore;
  }
}

export async function fuzzInProcess(frames: number, seed: number): Promise<InProcessResult> {
  const source = new FrameSource(seed);
  const sides = [
    new Side(seed, await loadVariants(new Set(AVAILABLE_FLAGS.map((flag) => flag.name)))),
    new Side(seed, await loadVariants(new Set())),
  ] as const;
  const result: InProcessResult = {
    frames,
    protocolErrors: 0,
    closedByServer: 0,
    keyspaceBytesGrown: 0,
    clientsLeft: 0,
  };
  for (let sent = 0; sent < frames; sent++) {
    const slot = source.below(CLIENTS);
    const frame = source.next();
    // At most some fifty pieces: a large frame byte by byte costs more than it finds.
    const pieceBytes = source.below(4) === 0 ? 1 + source.below(40) + Math.floor(frame.length / 50) : 65_536;
    const tired = source.below(REOPEN_ONE_IN) === 0;
    const [all, none] = feedBoth(sides, slot, frame, pieceBytes, `frame ${sent} of seed ${seed}`);
    if (all.closed !== none.closed || all.protocolError !== none.protocolError)
      throw new Error(
        `frame ${sent} of seed ${seed}: flags all ${JSON.stringify(all)}, none ${JSON.stringify(none)}: ${shown(frame)}`,
      );
    if (all.protocolError) result.protocolErrors++;
    if (all.closed) result.closedByServer++;
    if (all.closed || tired) for (const side of sides) side.reopen(slot);
    if (sent % CHECK_EVERY_FRAMES === 0 || sent === frames - 1) {
      for (const side of sides) {
        const answer = side.ping();
        if (answer !== 'PONG')
          throw new Error(`after frame ${sent} of seed ${seed} PING is answered by ${String(answer)}`);
      }
    }
  }
  for (const side of sides) {
    result.keyspaceBytesGrown = Math.max(result.keyspaceBytesGrown, side.clear());
    result.clientsLeft += side.harness.server.clients.size;
  }
  return result;
}

function feedBoth(
  sides: readonly Side[],
  slot: number,
  frame: Buffer,
  pieceBytes: number,
  what: string,
): [Outcome, Outcome] {
  try {
    const [all, none] = sides.map((side) => side.feed(slot, frame, pieceBytes));
    return [all!, none!];
  } catch (error) {
    throw new Error(`${what} ended the server: ${shown(frame)}`, { cause: error });
  }
}

const shown = (frame: Buffer): string => JSON.stringify(frame.toString('latin1').slice(0, 2000));
