/** Many keys that expire at one instant, on a real server, with every way to know what has expired: replies stay right meanwhile. */
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { encode, Wire } from './wire.ts';

const KEYS = 100_000;
const BATCH = 1000;

describe.each(['none', 'none,+ttl-heap', 'all'])(
  'a hundred thousand keys expire at once, flags %s',
  (flags) => {
    let server: RunningServer;
    let wire: Wire;
    afterEach(async () => {
      wire.close();
      await server.stop();
    });

    const setAll = async (expireAtMs: number): Promise<void> => {
      for (let first = 0; first < KEYS; first += BATCH) {
        const commands = Array.from({ length: BATCH }, (_, i) =>
          encode(['SET', `due:${first + i}`, 'v', 'PXAT', expireAtMs]),
        );
        wire.connection.send(Buffer.concat(commands));
        await wire.connection.receive(BATCH);
      }
    };

    it('all go, the others stay, and none is seen past its time', async () => {
      server = await startEvenkeel({ flags, arguments: ['--enable-debug-command', 'yes'] });
      wire = await Wire.open(server.port);
      await wire.ask('SET', 'lasting', 'v');
      await wire.ask('SET', 'later', 'v', 'EX', '1000');
      // Removal begins when all are there and due, however long setting them takes.
      await wire.ask('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
      const expireAtMs = Date.now() + 200;
      await setAll(expireAtMs);
      await eventually('the instant has passed', () => Date.now() > expireAtMs);
      expect(await wire.ask('DBSIZE')).toBe(`:${KEYS + 2}\r\n`);
      await wire.ask('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
      let looks = 0;
      await eventually('all have gone', async () => {
        expect(await wire.ask('GET', `due:${looks++}`)).toBe('$-1\r\n');
        expect(await wire.ask('GET', 'lasting')).toBe('$1\r\nv\r\n');
        return (await wire.ask('DBSIZE')) === ':2\r\n';
      });
      expect(await wire.info('expired_keys')).toBe(String(KEYS));
      expect(await wire.ask('EXISTS', 'lasting', 'later')).toBe(':2\r\n');
    });
  },
);
