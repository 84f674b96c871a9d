/** HINCRBY in place against the general way, with GET and SET around it: replies, counts, encodings and what is left in the end. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { type Argument, CommandHarness, encodeRequest } from '../commands/commandHarness.ts';
import { StorageFullError } from '../keyspace/record/slabStore.ts';
import type { ShardVariants } from '../shard.ts';
import type { ShardObserver } from '../shardObserver.ts';
import { FastPathRequestReader } from './fastPathReader.ts';
import { withHincrby } from './hincrbyReader.ts';
import { InPlaceRequestReader } from './inPlaceReader.ts';
import { GeneralRequestReader } from './requestReader.ts';

type CreateReader = ShardVariants['createReader'];
const general: CreateReader = (...parts) => new GeneralRequestReader(...parts);
const Alone = withHincrby(InPlaceRequestReader);
const WithFastPath = withHincrby(FastPathRequestReader);
const readers: [string, CreateReader][] = [
  ['alone', (...parts) => new Alone(...parts)],
  ['over the fast path', (...parts) => new WithFastPath(...parts)],
];

interface World {
  harness: CommandHarness;
  /** Requests that went through the dispatcher. */
  dispatched: () => number;
}

function start(createReader: CreateReader, configuration: Record<string, string> = {}): World {
  let count = 0;
  const counting: CreateReader = (server, encoder, dispatcher, holds) => {
    const dispatch = dispatcher.dispatch.bind(dispatcher);
    dispatcher.dispatch = (client, args) => {
      count++;
      dispatch(client, args);
    };
    return createReader(server, encoder, dispatcher, holds);
  };
  const harness = new CommandHarness({ variants: { createReader: counting }, seed: 7, configuration });
  return { harness, dispatched: () => count };
}

const INTEGERS = [
  '0',
  '1',
  '-1',
  '7',
  '999',
  '-1000',
  '9007199254740991',
  '-9007199254740991',
  '9223372036854775807',
];
const ODD = ['', 'x', '1.5', '007', '-0', '+1', ' 1', '99999999999999999999'];

function drawCommand(random: Prng): Argument[] {
  const key = `k${random.below(6)}`;
  const field = `${random.below(4) === 0 ? 'long'.repeat(20) : 'f'}${random.below(random.below(30) === 0 ? 600 : 8)}`;
  const pick = (list: readonly string[]): string => list[random.below(list.length)]!;
  const action = random.below(100);
  if (action < 60) {
    const name = ['HINCRBY', 'hincrby', 'HincrBy'][random.below(3)]!;
    return [name, key, field, pick(random.below(12) === 0 ? ODD : INTEGERS)];
  }
  if (action < 68) return ['HSET', key, field, pick(random.below(3) === 0 ? ODD : INTEGERS)];
  if (action < 71) return ['HDEL', key, field];
  if (action < 75) return ['HPEXPIRE', key, 1 + random.below(1000), 'FIELDS', 1, field];
  if (action < 78) return ['PEXPIRE', key, 1 + random.below(2000)];
  if (action < 80) return ['SET', key, '1'];
  if (action < 81) return ['DEL', key];
  if (action < 83) return ['CONFIG', 'SET', 'hash-max-listpack-value', pick(['64', '5', '1000'])];
  if (action < 85) return ['CONFIG', 'SET', 'hash-max-listpack-entries', pick(['512', '4', '40'])];
  if (action < 87)
    return ['CONFIG', 'SET', 'maxmemory-policy', pick(['allkeys-lfu', 'allkeys-lru', 'noeviction'])];
  if (action < 88) return ['CONFIG', 'SET', 'maxmemory', pick(['0', '0', '1', '1gb'])];
  if (action < 90) return ['OBJECT', 'ENCODING', key];
  if (action < 92) return ['HTTL', key, 'FIELDS', 1, field];
  if (action < 94) return ['CLIENT', 'REPLY', pick(['ON', 'SKIP'])];
  if (action < 96) return ['HINCRBY', key, field];
  return ['GET', key];
}

/** What INFO and the commands' statistics are made of, and where the databases stand. */
function counts({ harness }: World): unknown {
  const { stats, dirty, clients, commands } = harness.server;
  return {
    calls: stats.callsByCommand,
    failed: stats.failedByCommand,
    rejected: stats.rejectedByCommand,
    timed: stats.timedByCommand[commands.get('hincrby')!.number],
    hits: stats.keyspaceHits,
    misses: stats.keyspaceMisses,
    expiredKeys: stats.expiredKeys,
    expiredFields: stats.expiredFields,
    errors: stats.errorsByCode,
    processed: [...clients.all()].map((client) => [client.commandsProcessed, client.lastCommand]),
    memoryBytes: harness.server.usedMemoryBytes(),
    dirty,
  };
}

describe.each(readers)('HINCRBY in place, %s', (_name, createReader) => {
  for (const seed of [1, 2, 3, 4]) {
    it(`answers and counts as the general way, seed ${seed}`, () => {
      const random = new Prng(seed);
      const worlds = [start(general), start(createReader)];
      for (let step = 0; step < 300; step++) {
        const commands = Array.from({ length: 20 }, () => drawCommand(random));
        const bytes = Buffer.concat(commands.map(encodeRequest));
        const pieceBytes = random.below(3) === 0 ? 1 + random.below(60) : 65536;
        const [expected, actual] = worlds.map(({ harness }) => harness.client.send(bytes, pieceBytes));
        if (!actual!.equals(expected!))
          expect(actual!.toString('latin1'), JSON.stringify(commands)).toBe(expected!.toString('latin1'));
        const pauseMs = random.below(50);
        for (const { harness } of worlds) harness.advance(pauseMs);
      }
      expect(counts(worlds[1]!)).toEqual(counts(worlds[0]!));
      expect(worlds[1]!.dispatched()).toBeLessThan(worlds[0]!.dispatched());
    });
  }

  it('takes existing integers of small and large hashes in place, but for the samples', () => {
    for (const fields of [4, 2000]) {
      const { harness, dispatched } = start(createReader);
      for (let i = 0; i < fields; i++) harness.run('HSET', 'h', `f${i}`, i);
      const before = dispatched();
      for (let i = 0; i < 1024; i++)
        expect(harness.run('HINCRBY', 'h', `f${i % fields}`, 1)).toBe(
          (i % fields) + Math.floor(i / fields) + 1,
        );
      expect(dispatched() - before).toBe(4);
    }
  });

  it('waits for a paused client', () => {
    const { harness } = start(createReader);
    harness.run('HSET', 'h', 'f', 1);
    harness.run('HINCRBY', 'h', 'f', 1);
    harness.run('CLIENT', 'PAUSE', 1000, 'WRITE');
    expect(harness.raw('HINCRBY', 'h', 'f', 1).length).toBe(0);
    harness.advance(1100);
    expect(harness.client.takeOutput().toString()).toBe(':3\r\n');
  });

  it('leaves every request to the command while an observer captures what commands do', () => {
    let observed = 0;
    const observer: ShardObserver = {
      commands: (specs) =>
        specs.map((spec) => ({
          ...spec,
          execute(context, args) {
            if (spec.name === 'hincrby') observed++;
            spec.execute?.(context, args);
          },
        })),
      storage: (storage) => storage,
      attach() {},
      infoLines: () => [],
    };
    const harness = new CommandHarness({ variants: { createReader, observer } });
    harness.run('HSET', 'h', 'f', 0);
    for (let i = 1; i <= 20; i++) expect(harness.run('HINCRBY', 'h', 'f', 1)).toBe(i);
    expect(observed).toBe(20);
  });

  it('refuses nobody unauthenticated more than the general way does', () => {
    const { harness } = start(createReader, { requirepass: 'secret' });
    expect(harness.raw('HINCRBY', 'h', 'f', 1).toString()).toMatch(/^-NOAUTH/);
  });

  it.each(readers)('says so and closes when there is no room for the number: %s', (_name, createReader) => {
    const { harness } = start(createReader);
    for (let i = 0; i < 3; i++) harness.run('HINCRBY', 'k', 'f', 1);
    harness.server.databases[0]!.keyspace.collection = () => {
      throw new StorageFullError('record storage is full');
    };
    const sent = Buffer.concat([
      encodeRequest(['PING']),
      encodeRequest(['HINCRBY', 'k', 'f', 1]),
      encodeRequest(['PING']),
    ]);
    expect(harness.client.send(sent).toString()).toBe(
      '+PONG\r\n-OOM not enough memory to run this command\r\n',
    );
    expect(harness.client.socket.ended).toBe(true);
  });
});
