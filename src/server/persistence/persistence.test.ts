/** When snapshots are made, what is refused when they fail, and that no damage to a file does more than be refused. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../test/seed.ts';
import { Prng } from '../../base/prng.ts';
import { CommandHarness, HARNESS_EPOCH_MS } from '../commands/commandHarness.ts';
import { ErrorReply } from '../protocol/respReader.ts';
import { librariesOf } from './libraries.ts';
import { loadRdb } from './rdb/rdbLoader.ts';
import { RdbError } from './rdb/rdbReader.ts';

const SEED = testSeed();
const error = (text: string): ErrorReply => new ErrorReply(text);
const create = (configuration: Record<string, string> = {}): CommandHarness =>
  new CommandHarness({ configuration: { save: '', 'enable-debug-command': 'yes', ...configuration } });

async function saved(h: CommandHarness): Promise<void> {
  for (let i = 0; h.server.persistence.isSaving && i < 1000; i++) {
    if (h.shard.workDelayMs() <= 0) h.shard.workSlice();
    await Promise.resolve();
  }
}

const infoField = (h: CommandHarness, name: string): string | undefined =>
  new RegExp(`^${name}:(.*)\r$`, 'm').exec(String(h.run('INFO', 'persistence')))?.[1];

/** A file with a value of every type, several of some. */
function sample(): Uint8Array {
  const h = create();
  h.run('SET', 'string', 'value', 'PX', 100_000);
  h.run('SET', 'long', 'abcabc'.repeat(100));
  h.run('SET', 'number', '12345');
  h.run('RPUSH', 'list', 'a', 'b', '3');
  h.run('SADD', 'integers', 1, 2, 300);
  h.run('SADD', 'set', 'a', 'b');
  h.run('ZADD', 'zset', 1.5, 'a', 2, 'b');
  h.run('HSET', 'hash', 'a', '1', 'b', '2');
  h.run('HPEXPIRE', 'hash', 100_000, 'FIELDS', 1, 'a');
  h.run('XADD', 'stream', '1-1', 'f', 'v');
  h.run('XGROUP', 'CREATE', 'stream', 'g', '0');
  h.run('SELECT', '3');
  for (const parameter of ['set-max-listpack', 'zset-max-listpack', 'hash-max-listpack'])
    h.run('CONFIG', 'SET', `${parameter}-entries`, '1');
  h.run('SADD', 'table', 'a', 'b', 'c');
  h.run('ZADD', 'tree', 1.5, 'a', 2, 'b');
  h.run('HSET', 'fields', 'a', '1', 'b', '2');
  expect(h.run('SAVE')).toBe('OK');
  return h.files.bytes('/simulated/dump.rdb');
}

function load(bytes: Uint8Array): CommandHarness {
  const h = create();
  h.files.contents.set('/simulated/dump.rdb', bytes);
  h.server.persistence.load({ merges: false, keepsExpired: false });
  return h;
}

/** Loads it, looks at all that was loaded and forgets it; what was thrown, if anything. */
function attempt(h: CommandHarness, bytes: Uint8Array): unknown {
  h.files.contents.set('/simulated/damaged.rdb', bytes);
  let thrown: unknown;
  try {
    const file = h.files.openInput('/simulated/damaged.rdb');
    loadRdb(
      h.server,
      file,
      librariesOf(() => h.server.functions),
      { merges: false, keepsExpired: false },
    );
  } catch (problem) {
    thrown = problem;
  }
  for (const database of ['0', '3']) {
    h.run('SELECT', database);
    for (const key of h.run('KEYS', '*') as string[]) h.run('DUMP', key);
  }
  h.run('FLUSHALL', 'SYNC');
  expect(h.server.storage.collectionsBytes()).toBe(0);
  return thrown;
}

describe('when snapshots are made', () => {
  it('BGSAVE answers at once, LASTSAVE and INFO tell when it is done', async () => {
    const h = create();
    h.run('SET', 'key', 'value');
    h.clock.advanceMs(5000);
    expect(h.run('BGSAVE')).toBe('Background saving started');
    expect(infoField(h, 'rdb_bgsave_in_progress')).toBe('1');
    expect(h.run('BGSAVE')).toEqual(error('ERR Background save already in progress'));
    expect(h.run('SAVE')).toEqual(error('ERR Background save already in progress'));
    h.run('SET', 'other', 'value');
    await saved(h);
    expect(infoField(h, 'rdb_bgsave_in_progress')).toBe('0');
    expect(infoField(h, 'rdb_changes_since_last_save')).toBe('1');
    expect(h.run('LASTSAVE')).toBe(HARNESS_EPOCH_MS / 1000 + 5);
    expect([...h.files.contents.keys()]).toEqual(['/simulated/dump.rdb']);
  });

  it('in a transaction BGSAVE comes after it', async () => {
    const h = create();
    h.run('MULTI');
    h.run('BGSAVE');
    h.run('SET', 'key', 'value');
    expect(h.run('EXEC')).toEqual(['Background saving scheduled', 'OK']);
    h.advance(100);
    await saved(h);
    expect(load(h.files.bytes('/simulated/dump.rdb')).run('GET', 'key')).toBe('value');
  });

  it('save points: so many changes, so long after the last', async () => {
    const h = create({ save: '10 2' });
    h.run('SET', 'a', '1');
    h.advance(11_000);
    expect(h.server.persistence.isSaving).toBe(false);
    h.run('SET', 'b', '1');
    h.advance(100);
    expect(h.logLines).toContain('2 changes in 10 seconds. Saving...');
    await saved(h);
    expect(h.server.dirty).toBe(0);
    h.run('SET', 'a', '2');
    h.run('SET', 'b', '2');
    h.advance(9000);
    expect(h.server.persistence.isSaving).toBe(false);
  });

  it('FLUSHALL gives up a snapshot in progress; with save points the file becomes empty', async () => {
    const h = create({ save: '3600 1' });
    h.run('SET', 'key', 'value');
    h.run('SAVE');
    h.run('BGSAVE');
    h.run('FLUSHALL');
    await saved(h);
    expect(load(h.files.bytes('/simulated/dump.rdb')).run('DBSIZE')).toBe(0);
    expect([...h.files.contents.keys()]).toEqual(['/simulated/dump.rdb']);
  });

  it.each(['open', 'write', 'sync', 'rename'])(
    'a failing %s leaves the old file, and writes are refused',
    async (operation) => {
      const h = create({ save: '3600 1' });
      h.run('SET', 'key', 'old');
      h.run('SAVE');
      h.run('SET', 'key', 'new');
      h.files.failing.set(operation, 'ENOSPC');
      expect(h.run('SAVE')).toEqual(error('ERR'));
      expect(h.run('SET', 'key', 'newer')).toBe('OK');
      h.run('BGSAVE');
      await saved(h);
      expect(infoField(h, 'rdb_last_bgsave_status')).toBe('err');
      for (const command of [['SET', 'key', 'x'], ['PING']]) {
        const reply = h.run(...command) as ErrorReply;
        expect(reply).toBeInstanceOf(ErrorReply);
        expect(reply.message).toMatch(/^MISCONF Redis is configured to save RDB snapshots/);
      }
      expect(h.run('GET', 'key')).toBe('newer');
      expect([...h.files.contents.keys()]).toEqual(['/simulated/dump.rdb']);
      expect(load(h.files.bytes('/simulated/dump.rdb')).run('GET', 'key')).toBe('old');
      h.files.failing.clear();
      h.run('BGSAVE');
      await saved(h);
      expect(h.run('SET', 'key', 'x')).toBe('OK');
    },
  );

  it('stop-writes-on-bgsave-error no', async () => {
    const h = create({ save: '3600 1', 'stop-writes-on-bgsave-error': 'no' });
    h.files.failing.set('write', 'ENOSPC');
    h.run('BGSAVE');
    await saved(h);
    expect(h.run('SET', 'key', 'x')).toBe('OK');
    h.run('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'yes');
    expect(h.run('SET', 'key', 'x')).toBeInstanceOf(ErrorReply);
  });

  it('SHUTDOWN is refused if the data cannot be saved', () => {
    const h = create({ save: '3600 1' });
    h.files.failing.set('write', 'ENOSPC');
    expect(h.run('SHUTDOWN')).toEqual(error('ERR Errors trying to SHUTDOWN. Check logs.'));
    expect(h.shutdowns).toBe(0);
    h.run('SHUTDOWN', 'NOSAVE');
    expect(h.shutdowns).toBe(1);
  });
});

describe('DEBUG RELOAD', () => {
  it('NOSAVE, NOFLUSH and MERGE', () => {
    const h = create();
    h.run('SET', 'saved', '1');
    expect(h.run('DEBUG', 'RELOAD')).toBe('OK');
    h.run('SET', 'saved', '2');
    h.run('SET', 'unsaved', '2');
    expect(h.run('DEBUG', 'RELOAD', 'NOSAVE', 'NOFLUSH')).toEqual(
      error('ERR Error trying to load the RDB dump, check server logs.'),
    );
    expect(h.run('DEBUG', 'RELOAD', 'NOSAVE', 'NOFLUSH', 'MERGE')).toBe('OK');
    expect(h.run('MGET', 'saved', 'unsaved')).toEqual(['1', '2']);
    expect(h.run('DEBUG', 'RELOAD', 'NOSAVE')).toBe('OK');
    expect(h.run('MGET', 'saved', 'unsaved')).toEqual(['1', null]);
  });
});

describe('a snapshot file', () => {
  it('drops at its loading what has expired', () => {
    const bytes = sample();
    const h = create();
    h.clock.advanceMs(100_001);
    h.files.contents.set('/simulated/dump.rdb', bytes);
    h.server.persistence.load({ merges: false, keepsExpired: false });
    expect(h.run('EXISTS', 'string')).toBe(0);
    expect(infoField(h, 'rdb_last_load_keys_expired')).toBe('1');
    expect(infoField(h, 'rdb_last_load_keys_loaded')).toBe('11');
  });

  it('cut off anywhere it is refused', () => {
    const bytes = sample();
    const h = create();
    for (let length = 0; length < bytes.length; length++)
      expect(attempt(h, bytes.slice(0, length)), `${length} of ${bytes.length} bytes`).toBeInstanceOf(
        RdbError,
      );
  });

  it('with any byte changed it is refused', () => {
    const bytes = sample();
    const prng = new Prng(SEED);
    const h = create();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at]! + 1 + prng.below(255)) & 0xff;
      expect(attempt(h, damaged), `seed ${SEED}, byte ${at}`).toBeInstanceOf(RdbError);
    }
  });

  it('with bytes changed and no checksum it is read or refused, and the server works', () => {
    const bytes = sample();
    bytes.fill(0, bytes.length - 8);
    const prng = new Prng(SEED);
    const h = create();
    let read = 0;
    for (let round = 0; round < 400; round++) {
      const damaged = bytes.slice();
      for (let i = 0; i <= prng.below(3); i++) damaged[prng.below(bytes.length)] = prng.below(256);
      const problem = attempt(h, damaged);
      if (problem === undefined) read++;
      else expect(problem, `seed ${SEED}, round ${round}`).toBeInstanceOf(RdbError);
    }
    expect(read).toBeGreaterThan(0);
  });

  it('of a version or with contents that cannot be read names the reason and the place', () => {
    const file = (...parts: (string | number)[]): Uint8Array =>
      Buffer.concat(
        parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))),
      );
    expect(() => load(file('RIDES0012'))).toThrow(
      'this is no RDB file: it does not begin with REDIS (at byte 0)',
    );
    expect(() => load(file('REDIS0013'))).toThrow(
      "RDB version '0013' cannot be read, only 1 to 12 (at byte 5)",
    );
    expect(() => load(file('REDIS0012', 247))).toThrow(
      'the file has data of a Redis module, and there are no modules here (at byte 9)',
    );
    expect(() => load(file('REDIS0012', 7, '\x01k'))).toThrow('value of a Redis module');
    expect(() => load(file('REDIS0012', 254, 16, 0, '\x01k\x01v', 255))).toThrow('database 16');
    expect(() => load(file('REDIS0012', 0, '\x01k\x01v', 0, '\x01k\x01v', 255))).toThrow('twice');
  });

  it('of an old version has no checksum, expiries in seconds and no sizes', () => {
    const seconds = Buffer.alloc(4);
    seconds.writeUInt32LE(HARNESS_EPOCH_MS / 1000 + 60);
    const h = load(
      Buffer.concat([
        Buffer.from('REDIS0003\xfe\x00\xfd', 'latin1'),
        seconds,
        Buffer.from('\0\x01k\x01v\xff', 'latin1'),
      ]),
    );
    expect(h.run('PTTL', 'k')).toBe(60_000);
  });

  it('larger than the window is read whole', () => {
    const h = create({ rdbcompression: 'no' });
    for (let i = 0; i < 300; i++) h.run('SET', `key:${i}`, `${i}`.padEnd(10_000, 'x'));
    h.run('SET', 'huge', 'y'.repeat(5_000_000));
    h.run('SAVE');
    const other = load(h.files.bytes('/simulated/dump.rdb'));
    expect(other.run('DEBUG', 'DIGEST')).toEqual(h.run('DEBUG', 'DIGEST'));
    expect(other.run('DBSIZE')).toBe(301);
  });
});
