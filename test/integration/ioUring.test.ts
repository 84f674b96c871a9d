/**
 * The server on io_uring: that it runs on it where the machine allows, says so and goes on without where it does not, and holds
 * as many connections as the machine has descriptors for.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { UringSockets } from '../../src/ports/real/uring/uringSockets.ts';
import { eventually, needing, type RunningServer, startEvenkeel } from '../requirements.ts';
import { encode, Wire, withWire } from './wire.ts';

const available = await UringSockets.open().then(
  () => 'io_uring',
  () => undefined,
);
/** An import hook that makes koffi a package that is not there. */
const WITHOUT_KOFFI = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
   registerHooks({ resolve(specifier, context, next) {
     if (specifier === 'koffi') throw Object.assign(new Error('no koffi'), { code: 'ERR_MODULE_NOT_FOUND' });
     return next(specifier, context);
   } });`,
)}`;
const CROWD = 10_000;
const SETS = ['none,+io-uring', 'all'];

let server: RunningServer;
afterEach(() => server.stop());

describe.skipIf(available === undefined)(needing('io_uring allowed', 'io_uring', available), () => {
  it.each([0, 1] as const)('serves, and INFO says so, --threads %i', async (threads) => {
    server = await startEvenkeel({ flags: 'none,+io-uring', threads });
    await withWire(server.port, async (wire) => {
      expect(await wire.info('multiplexing_api')).toBe('io_uring');
      expect(await wire.info('evenkeel_flags')).toBe('io-uring');
      expect(await wire.info('evenkeel_flags_refused')).toBe('');
    });
    expect(server.stderr).toBe('');
  });

  it('is left alone where it is not asked for', async () => {
    server = await startEvenkeel({ flags: 'all,-io-uring' });
    await withWire(server.port, async (wire) => expect(await wire.info('multiplexing_api')).toBe('libuv'));
  });

  it.each(SETS)(`${CROWD} connections, each answered with its own, flags %s`, async (flags) => {
    server = await startEvenkeel({ flags, arguments: ['--maxclients', String(CROWD + 32)] });
    const crowd: Wire[] = [];
    try {
      while (crowd.length < CROWD) {
        const some = Array.from({ length: 500 }, () => Wire.open(server.port));
        crowd.push(...(await Promise.all(some)));
      }
      for (let round = 0; round < 2; round++) {
        for (const [i, wire] of crowd.entries())
          wire.sendBytes(
            Buffer.concat([encode(['SET', `of:${i}`, `${i}:${round}`]), encode(['GET', `of:${i}`])]),
          );
        for (const [i, wire] of crowd.entries()) {
          const text = `${i}:${round}`;
          expect((await wire.connection.receive(2)).join('')).toBe(`+OK\r\n$${text.length}\r\n${text}\r\n`);
        }
      }
    } finally {
      for (const wire of crowd) wire.close();
    }
    await withWire(server.port, (wire) =>
      eventually('all are gone', async () => (await wire.info('connected_clients')) === '1'),
    );
  });
});

describe('io_uring missing', () => {
  it.each([0, 1] as const)('one line says why, and Node’s sockets serve, --threads %i', async (threads) => {
    server = await startEvenkeel({ flags: 'all', threads, nodeArguments: ['--import', WITHOUT_KOFFI] });
    await withWire(server.port, async (wire) => {
      expect(await wire.ask('SET', 'k', 'v')).toBe('+OK\r\n');
      expect(await wire.info('multiplexing_api')).toBe('libuv');
      expect(await wire.info('evenkeel_flags')).not.toContain('io-uring');
      expect(await wire.info('evenkeel_flags_refused')).toBe('io-uring');
    });
    expect(server.stderr).toBe(
      'evenkeel: io-uring is not available here (the package koffi is not installed, or has no binary for this machine); ' +
        "using Node's sockets\n",
    );
    expect(server.stdout).not.toContain('io-uring');
  });
});
