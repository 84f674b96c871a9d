/** The account of collections after random commands that make, move, copy, restore, expire and drop hashes. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import { ValueType } from '../../keyspace/keyspace.ts';
import { Crc64 } from '../../keyspace/serialization/crc64.ts';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness } from '../commandHarness.ts';

const SEED = testSeed();
const COMMANDS = 3000;

function counted({ server }: CommandHarness): number {
  let bytes = 0;
  for (const { keyspace } of server.databases) {
    for (let cursor = 0, more = true; more; more = cursor !== 0) {
      cursor = keyspace.scan(cursor, 1000, (ref) => {
        if (keyspace.type(ref) === ValueType.hash) bytes += keyspace.collection(ref).memoryBytes();
      });
    }
  }
  return bytes;
}

/** A dump with one bit turned over before its footer, and the checksum right again: only reading the value can find the damage. */
function damaged(dump: Buffer, random: Prng): Buffer {
  const copy = Buffer.from(dump);
  const checksumAt = copy.length - 8;
  copy[random.below(checksumAt - 2)]! ^= 1 << random.below(8);
  const crc = new Crc64();
  crc.update(copy, 0, checksumAt);
  crc.write(copy, checksumAt);
  return copy;
}

function step(h: CommandHarness, random: Prng, outcomes: Set<string>): void {
  const pick = (most: number): number => random.below(most);
  const key = `k${pick(8)}`;
  const other = `k${pick(8)}`;
  const field = (): string => `f${pick(80)}`;
  const value = (): string => 'x'.repeat([0, 3, 40, 100, 5000][pick(5)]!);
  const pairs = (): string[] => Array.from({ length: 1 + pick(40) }, () => [field(), value()]).flat();
  const action = pick(100);
  if (action < 25) h.run('HSET', key, ...pairs());
  else if (action < 30) h.run('HSETNX', key, field(), value());
  else if (action < 35) h.run('HINCRBY', key, 'n', 1);
  else if (action < 45) h.run('HDEL', key, ...Array.from({ length: 30 }, field));
  else if (action < 52) h.run('HPEXPIRE', key, 1 + pick(2000), 'FIELDS', 2, field(), field());
  else if (action < 54) h.run('HPERSIST', key, 'FIELDS', 1, field());
  else if (action < 58) h.run('HMGET', key, field(), field());
  else if (action < 60) h.run('HRANDFIELD', key);
  else if (action < 65) h.run('RENAME', key, other);
  else if (action < 70) h.run('COPY', key, other, 'DB', pick(2), 'REPLACE');
  else if (action < 74) h.run('MOVE', key, pick(2));
  else if (action < 84) {
    const text = h.run('DUMP', key);
    if (text === null) return;
    const dump = Buffer.from(String(text), 'latin1');
    h.run('RESTORE', other, 0, dump, 'REPLACE');
    // Past its time: built, and dropped.
    h.run('RESTORE', other, 1, dump, 'REPLACE', 'ABSTTL');
    const reply = h.run('RESTORE', key, 0, damaged(dump, random), 'REPLACE');
    if (reply instanceof ErrorReply) outcomes.add(reply.message);
  } else if (action < 88) h.run('PEXPIRE', key, 1 + pick(1000));
  else if (action < 91) h.run('SET', key, 'v');
  else if (action < 94) h.run('DEL', key);
  else if (action < 95) h.run('SWAPDB', 0, 1);
  else if (action < 97) h.run('SELECT', pick(2));
  else if (action < 99) h.advance(pick(500));
  else if (pick(4) === 0) h.run('FLUSHDB');
}

/** What was deleted is on the account until it is released. */
function releaseAll(h: CommandHarness): void {
  while (h.server.disposal.pendingObjects > 0) h.server.disposal.run();
}

describe.each([true, false])('account of collections, arena %s', (arena) => {
  it(`is what stands under keys, seed ${SEED}`, () => {
    const random = new Prng(SEED);
    const h = new CommandHarness({ arena });
    h.run('CONFIG', 'SET', 'hash-max-listpack-entries', 30);
    const outcomes = new Set<string>();
    for (let i = 0; i < COMMANDS; i++) {
      step(h, random, outcomes);
      releaseAll(h);
      expect(h.server.storage.collectionsBytes(), `command ${i}`).toBe(counted(h));
    }
    expect([...outcomes]).toEqual(['ERR Bad data format']);
    expect(h.server.storage.collectionsBytes()).toBeGreaterThan(0);
    h.run('FLUSHALL');
    releaseAll(h);
    expect(h.server.storage.collectionsBytes()).toBe(0);
  });
});
