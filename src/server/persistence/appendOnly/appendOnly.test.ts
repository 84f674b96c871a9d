/** When replies are held, what happens when the disk fails, and that no damage to a file does more than be refused. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import { CommandHarness, encodeRequest } from '../../commands/commandHarness.ts';
import { ErrorReply } from '../../protocol/respReader.ts';
import { create, FOLDER, INCREMENT, told } from './appendOnlyFixture.ts';
import { AppendOnlyError } from './appendOnlyLoader.ts';
import { formatManifest, type Manifest, ManifestError, parseManifest } from './manifest.ts';

const SEED = testSeed();

const later = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

describe('replies with appendfsync always', () => {
  it('wait until what they promise is durable, and no others do', async () => {
    const h = create({ appendfsync: 'always' });
    const other = h.connect();
    const gate = Promise.withResolvers<void>();
    h.files.syncGate = gate.promise;
    const writer = h.connect();
    expect(writer.raw('SET', 'k', 'v').length).toBe(0);
    await later();
    expect(writer.takeOutput().length).toBe(0);
    expect(other.run('GET', 'k')).toBe('v');
    expect(writer.raw('GET', 'k').length).toBe(0);
    gate.resolve();
    await later();
    expect(writer.takeOutput().toString()).toBe('+OK\r\n$1\r\nv\r\n');
  });

  it('share a sync', async () => {
    const h = create({ appendfsync: 'always' });
    const gate = Promise.withResolvers<void>();
    h.files.syncGate = gate.promise;
    const before = h.files.syncs;
    const writers = Array.from({ length: 10 }, () => h.connect());
    for (const writer of writers) writer.raw('INCR', 'n');
    await later();
    gate.resolve();
    await later();
    for (const [i, writer] of writers.entries()) expect(writer.takeOutput().toString()).toBe(`:${i + 1}\r\n`);
    expect(h.files.syncs - before).toBe(2);
  });

  it.each(['write', 'sync'])('are never given after a failed %s: the server ends', async (operation) => {
    const h = create({ appendfsync: 'always' });
    h.files.failing.set(operation, 'ENOSPC');
    const writer = h.connect();
    writer.send(encodeRequest(['SET', 'k', 'v']));
    await later();
    expect(writer.takeOutput().length).toBe(0);
    expect(h.aborts).toEqual([
      expect.stringMatching(/cannot be written and appendfsync is 'always': ENOSPC/),
    ]);
  });
});

describe('with appendfsync everysec', () => {
  it('what is acknowledged is written, and durable a second later', async () => {
    const h = create();
    h.run('SET', 'k', 'v');
    expect(h.files.texts.get(INCREMENT)).toContain('SET');
    const before = h.files.syncs;
    h.advance(1500);
    await later();
    expect(h.files.syncs).toBe(before + 1);
  });

  it.each(['write', 'sync'])(
    'writes are refused after a failed %s, until it works again',
    async (operation) => {
      const h = create();
      h.run('SET', 'k', '1');
      h.files.failing.set(operation, 'ENOSPC');
      h.run('SET', 'k', '2');
      h.advance(1500);
      await later();
      expect(h.run('SET', 'k', '3')).toEqual(expect.any(ErrorReply));
      expect((h.run('SET', 'k', '3') as ErrorReply).message).toMatch(
        /^MISCONF Errors writing to the AOF file: ENOSPC/,
      );
      expect(h.run('GET', 'k')).toBe('2');
      h.files.failing.clear();
      h.advance(2500);
      await later();
      expect(h.run('SET', 'k', '4')).toBe('OK');
      h.advance(100);
      expect(create({}, h).run('GET', 'k')).toBe('4');
      expect(
        told(h)
          .filter((command) => command.startsWith('SET'))
          .slice(-2),
      ).toEqual(['SET k 2', 'SET k 4']);
    },
  );
});

describe('a rewrite', () => {
  const rewritten = async (h: CommandHarness): Promise<void> => {
    for (let i = 0; i < 1000 && !h.logLines.includes('Background AOF rewrite finished successfully'); i++) {
      if (h.shard.workDelayMs() <= 0) h.shard.workSlice();
      await Promise.resolve();
    }
    await later();
  };

  it.each(['yes', 'no'])('aof-use-rdb-preamble %s', async (preamble) => {
    const h = create({ 'aof-use-rdb-preamble': preamble });
    h.run('SET', 'k', 'v', 'PX', 100_000);
    h.run('HSET', 'h', 'a', '1', 'b', '2');
    h.run('HPEXPIRE', 'h', 100_000, 'FIELDS', 1, 'a');
    expect(h.run('BGREWRITEAOF')).toBe('Background append only file rewriting started');
    expect(h.run('BGREWRITEAOF')).toEqual(expect.any(ErrorReply));
    h.run('INCR', 'n');
    await rewritten(h);
    h.run('INCR', 'n');
    const form = preamble === 'yes' ? 'rdb' : 'aof';
    expect([...h.files.contents.keys()].sort()).toEqual([
      `${FOLDER}/appendonly.aof.2.base.${form}`,
      `${FOLDER}/appendonly.aof.2.incr.aof`,
      `${FOLDER}/appendonly.aof.manifest`,
    ]);
    const other = create({}, h);
    expect(other.run('DEBUG', 'DIGEST')).toBe(h.run('DEBUG', 'DIGEST'));
    expect(other.run('MGET', 'k', 'n')).toEqual(['v', '2']);
    expect(other.run('PTTL', 'k')).toBe(100_000);
  });

  it('leaves SAVE and DEBUG RELOAD alone', async () => {
    const h = create();
    h.run('SET', 'k', 'v');
    h.run('HSET', 'h', 'f', 'v');
    h.run('BGREWRITEAOF');
    await later();
    expect(h.run('BGSAVE')).toEqual(expect.any(ErrorReply));
    expect(h.run('SAVE')).toBe('OK');
    expect(h.run('DEBUG', 'RELOAD')).toBe('OK');
    h.run('INCR', 'n');
    await rewritten(h);
    expect(create({}, h).run('DEBUG', 'DIGEST')).toBe(h.run('DEBUG', 'DIGEST'));
  });

  it('begins the file that is switched on at run time, at the same instant', async () => {
    const h = create({ appendonly: 'no' });
    h.run('INCR', 'n');
    h.run('CONFIG', 'SET', 'appendonly', 'yes');
    h.run('INCR', 'n');
    h.advance(100);
    h.run('INCR', 'n');
    await rewritten(h);
    h.run('INCR', 'n');
    expect(create({}, h).run('GET', 'n')).toBe('4');
    h.run('CONFIG', 'SET', 'appendonly', 'no');
    await later();
    h.run('INCR', 'n');
    expect(create({}, h).run('GET', 'n')).toBe('4');
    h.run('CONFIG', 'SET', 'appendonly', 'yes');
    h.logLines.length = 0;
    h.advance(100);
    h.run('INCR', 'n');
    await rewritten(h);
    expect(create({}, h).run('GET', 'n')).toBe('6');
  });

  it('comes by itself when the file has grown', async () => {
    const h = create({ 'auto-aof-rewrite-min-size': '1000' });
    for (let i = 0; i < 100; i++) h.run('SET', 'k', `value ${i}`);
    h.advance(200);
    expect(h.logLines).toContain('Starting automatic rewriting of AOF');
    await rewritten(h);
    expect(create({}, h).run('GET', 'k')).toBe('value 99');
  });

  it.each(['open', 'write', 'rename'])('that fails (%s) leaves everything as it was', async (operation) => {
    const h = create();
    h.run('SET', 'k', '1');
    h.files.failing.set(operation, 'EIO');
    h.run('BGREWRITEAOF');
    for (let i = 0; i < 20; i++) {
      if (h.shard.workDelayMs() <= 0) h.shard.workSlice();
      await later();
    }
    h.files.failing.clear();
    h.advance(2000);
    await later();
    expect(String(h.run('INFO', 'persistence'))).toContain('aof_last_bgrewrite_status:err');
    h.run('SET', 'k', '2');
    expect(create({}, h).run('GET', 'k')).toBe('2');
  });
});

describe('loading', () => {
  const filled = (): CommandHarness => {
    const h = create();
    h.run('SET', 'a', '1');
    h.run('MULTI');
    h.run('SET', 'b', '1');
    h.run('SET', 'c', '1');
    h.run('EXEC');
    h.run('RPUSH', 'd', '1');
    return h;
  };

  it('a key that expired meanwhile takes the commands that were meant for it', () => {
    const h = create();
    h.run('SET', 'k', '1', 'PX', 1000);
    h.run('INCR', 'k');
    const other = new CommandHarness({ configuration: { save: '', appendonly: 'yes' } });
    for (const [path, bytes] of h.files.contents) other.files.contents.set(path, bytes);
    other.clock.advanceMs(5000);
    other.server.persistence.start();
    expect(other.run('EXISTS', 'k')).toBe(0);
    expect(other.run('DBSIZE')).toBe(0);
  });

  it('cut off anywhere: a transaction is there whole or not at all', () => {
    const h = filled();
    const bytes = h.files.bytes(INCREMENT);
    for (let length = 0; length <= bytes.length; length++) {
      h.files.contents.set(INCREMENT, bytes.slice(0, length));
      const values = create({}, h).run('MGET', 'a', 'b', 'c') as (string | null)[];
      expect(values[1], `${length} bytes`).toBe(values[2]);
    }
  });

  it('with bytes changed it is read or refused', () => {
    const h = filled();
    const bytes = h.files.bytes(INCREMENT);
    const prng = new Prng(SEED);
    for (let round = 0; round < 300; round++) {
      const damaged = bytes.slice();
      damaged[prng.below(bytes.length)] = prng.below(256);
      h.files.contents.set(INCREMENT, damaged);
      try {
        create({}, h).run('KEYS', '*');
      } catch (problem) {
        expect(problem, `seed ${SEED}, round ${round}`).toBeInstanceOf(AppendOnlyError);
      }
    }
  });

  it('takes LIMIT beside an exact length, as Redis writes it', () => {
    const h = create();
    for (let i = 1; i < 5; i++) h.run('XADD', 'x', `${i}-0`, 'f', 'v');
    h.files.contents.set(
      INCREMENT,
      Buffer.concat([h.files.bytes(INCREMENT), encodeRequest(['XTRIM', 'x', 'MAXLEN', '=', 2, 'LIMIT', 1])]),
    );
    expect(create({}, h).run('XLEN', 'x')).toBe(2);
  });

  it("a file of Redis's before 7.0 becomes the base", () => {
    const h = new CommandHarness({ configuration: { save: '', appendonly: 'yes' } });
    h.files.contents.set('/simulated/appendonly.aof', encodeRequest(['SET', 'k', 'v']));
    h.server.persistence.start();
    expect(h.run('GET', 'k')).toBe('v');
    h.run('SET', 'k', 'w');
    expect(h.files.exists('/simulated/appendonly.aof')).toBe(false);
    expect(create({}, h).run('GET', 'k')).toBe('w');
  });
});

describe('the manifest', () => {
  it('is written as Redis writes it, and read back', () => {
    const manifest: Manifest = {
      base: { name: 'a b.1.base.rdb', sequence: 1 },
      increments: [
        { name: 'x.2.incr.aof', sequence: 2 },
        { name: 'x.3.incr.aof', sequence: 3 },
      ],
      history: [{ name: 'x.1.incr.aof', sequence: 1 }],
    };
    expect(formatManifest(manifest)).toBe(
      'file "a b.1.base.rdb" seq 1 type b\nfile x.1.incr.aof seq 1 type h\nfile x.2.incr.aof seq 2 type i\nfile x.3.incr.aof seq 3 type i\n',
    );
    expect(parseManifest(formatManifest(manifest))).toEqual(manifest);
  });

  it.each([
    '',
    'nonsense',
    'file a seq x type b',
    'file a/b seq 1 type b',
    'file a seq 1 type z',
    'file a seq 2 type i\nfile b seq 1 type i',
  ])('refuses %j', (text) => {
    expect(() => parseManifest(text)).toThrow(ManifestError);
  });
});
