/**
 * One hash everywhere: keys and fields meet no hash but the KeyHash that the composition root chose, so that `fast-hash` decides for all of
 * them and no index is left with a weaker one. Three ways to break that are looked for: arithmetic as hashes do it, hashes from a library,
 * and a KeyHash made by somebody else than the root.
 */
import { describe, expect, it } from 'vitest';
import { readSources } from './sources.ts';

const KEY_HASHES = ['src/server/keyspace/hashing.ts', 'src/server/keyspace/foldedMultiplyHash.ts'];
/** Multiplications modulo 2^32, and shifts that bring high bits down: in the data plane nothing else needs both. */
const MULTIPLICATION = /\bMath\.imul\b/;
const LIBRARY_HASH = /from 'node:crypto'/;
const MAKES_KEY_HASH = /\bnew (\w+\.)?(ByteWiseHash|FoldedMultiplyHash)\b/;

/** Other hashes in the server, each with what it hashes: never a key or a field on its way into an index. */
const OTHER_HASHES: Record<string, string> = {
  'src/server/routing/commandIndex.ts': 'command names, a fixed set of our own',
  'src/server/replication/bucketDigests.ts':
    'contents, compared between nodes, which must agree on it and so cannot use a seed',
  'src/server/commands/server/debug/digest.ts': 'DEBUG DIGEST, SHA-1 as Redis has it',
  'src/server/access/passwords.ts': 'passwords (SHA-256)',
  'src/server/scripting/scriptDigest.ts': 'scripts, SHA-1 as Redis has it',
  'src/server/commands/hyperloglog/murmurHash.ts':
    'elements of a HyperLogLog, whose registers must be those of Redis',
};
/** JavaScript Maps under src/server/keyspace: those of keys hash them inside V8, with V8's own seed, which no flag reaches. */
const MAPS: Record<string, string> = {
  'src/server/keyspace/index/mapKeyspace.ts': 'keys; KeyHash chooses the partition',
  'src/server/keyspace/value/plainFields.ts': 'the fields of one small hash',
  'src/server/keyspace/serialization/ziplist.ts': 'numbers, while one payload is read',
  'src/server/keyspace/serialization/streamSerialization.ts': 'pending entries, while one payload is read',
  'src/server/keyspace/value/stream/consumerGroup.ts': 'the consumers of one group',
  'src/server/keyspace/value/stream/streamValue.ts': 'the groups of one stream',
};

describe('the hash of keys and fields', () => {
  const sources = readSources('src/').filter((source) => !source.isTest);
  const server = sources.filter((source) => source.path.startsWith('src/server/'));
  const paths = (pattern: RegExp, among = server): string[] =>
    among.filter((source) => pattern.test(source.code)).map((source) => source.path);

  it('is computed in the two sides of fast-hash and nowhere else', () => {
    const computing = [...paths(MULTIPLICATION), ...paths(LIBRARY_HASH)];
    expect(computing.filter((path) => !KEY_HASHES.includes(path)).sort()).toEqual(
      Object.keys(OTHER_HASHES).sort(),
    );
    expect(KEY_HASHES.filter((path) => !computing.includes(path))).toEqual([]);
  });

  it('is made by the composition root alone', () => {
    expect(paths(MAKES_KEY_HASH, sources)).toEqual(['src/main/variants.ts']);
  });

  it('is bypassed by the Maps named here and no others', () => {
    const maps = paths(/\bnew Map\b/).filter((path) => path.startsWith('src/server/keyspace/'));
    expect(maps).toEqual(Object.keys(MAPS).sort());
  });
});
