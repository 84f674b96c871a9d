/**
 * A server of several shards in one thread, for tests: each shard is a CommandHarness, all share a simulated clock, and mail between them
 * is delivered in an order that the seed draws. Nothing runs in parallel, so whatever goes wrong is replayed by its seed.
 */
import { Prng } from '../../base/prng.ts';
import { SimulatedClock } from '../../ports/sim/simulatedClock.ts';
import { SimulatedPost } from '../../ports/sim/simulatedPost.ts';
import {
  type Argument,
  CommandHarness,
  encodeRequest,
  HARNESS_EPOCH_MS,
  type HarnessClient,
} from '../commands/commandHarness.ts';
import { readReply } from '../protocol/respReader.ts';
import type { ShardVariants } from '../shard.ts';
import type { ShardPlacement } from './placement.ts';
import { ShardPosition } from './slots.ts';

export interface ShardedHarnessOptions {
  shards: number;
  seed: number;
  /** The variants of one shard, given its place. */
  variants: (placement: ShardPlacement) => Promise<ShardVariants>;
  configuration?: Record<string, string>;
  /** Messages between two shards before their mailbox counts as full. */
  mailboxCapacity?: number;
}

export class ShardedHarness {
  readonly clock: SimulatedClock;
  readonly shards: readonly CommandHarness[];
  readonly post: SimulatedPost;
  readonly #prng: Prng;

  private constructor(shards: CommandHarness[], clock: SimulatedClock, post: SimulatedPost, prng: Prng) {
    this.shards = shards;
    this.clock = clock;
    this.post = post;
    this.#prng = prng;
  }

  static async start(options: ShardedHarnessOptions): Promise<ShardedHarness> {
    const prng = new Prng(options.seed);
    const clock = new SimulatedClock(HARNESS_EPOCH_MS);
    const post = new SimulatedPost(options.shards, prng, options.mailboxCapacity);
    const connectionCount = new Int32Array(1);
    const shards: CommandHarness[] = [];
    for (let index = 0; index < options.shards; index++) {
      const placement: ShardPlacement = {
        position: new ShardPosition(index, options.shards),
        mailbox: post.mailboxes[index]!,
        connectionCount,
      };
      shards.push(
        new CommandHarness({
          clock,
          placement,
          variants: await options.variants(placement),
          seed: options.seed + index,
          configuration: options.configuration ?? {},
        }),
      );
    }
    return new ShardedHarness(shards, clock, post, prng);
  }

  /** A client of a shard that is drawn, as the kernel draws it; or of the one given. */
  connect(shard = this.#prng.below(this.shards.length)): HarnessClient {
    return this.shards[shard]!.connect();
  }

  /** Sends bytes to a client's shard in pieces, with some mail delivered in between, and waits for all replies. */
  send(client: HarnessClient, bytes: Uint8Array, pieceBytes = 65536): Buffer {
    const answered: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      answered.push(client.send(bytes.subarray(at, at + pieceBytes)));
      for (let i = this.#prng.below(4); i > 0; i--) this.post.deliverSome();
    }
    this.post.deliverAll();
    answered.push(client.takeOutput());
    return Buffer.concat(answered);
  }

  raw(client: HarnessClient, ...args: Argument[]): Buffer {
    return this.send(client, encodeRequest(args));
  }

  /** One command, its reply decoded. */
  run(client: HarnessClient, ...args: Argument[]): unknown {
    const bytes = this.raw(client, ...args);
    return bytes.length === 0 ? undefined : readReply(bytes, 0)?.value;
  }

  /** Moves the clock of all, with their ticks. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      this.clock.advanceMs(Math.min(left, 100));
      for (const { shard } of this.shards) {
        shard.tick();
        do shard.workSlice();
        while (shard.workDelayMs() <= 0);
      }
    }
    this.post.deliverAll();
  }
}
