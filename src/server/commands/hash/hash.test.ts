import { describe, expect, it } from 'vitest';
import { CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';

const text = (reply: unknown): string => (reply instanceof Error ? reply.message : String(reply));

/** Pairs of a flat reply, sorted. */
function pairs(reply: unknown): string[] {
  const flat = reply as string[];
  const found: string[] = [];
  for (let i = 0; i < flat.length; i += 2) found.push(`${flat[i]}=${flat[i + 1]}`);
  return found.sort();
}

/** HSCAN to the end. */
function scanned(h: CommandHarness, ...options: (string | number)[]): string[] {
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, members] = h.run('HSCAN', 'h', cursor, ...options) as [string, string[]];
    found.push(...members);
    cursor = next;
  } while (cursor !== '0');
  return found;
}

/** A hash `h` of f0..f<count - 1>, each with its number as value. */
function filled(h: CommandHarness, count: number): void {
  h.run('HSET', 'h', ...Array.from({ length: count }, (_, i) => [`f${i}`, i]).flat());
}

for (const arena of [true, false]) {
  describe(`hashes over ${arena ? 'the arena' : 'the map'}`, () => {
    it('sets, gets and deletes', () => {
      const h = new CommandHarness({ arena });
      expect(h.run('HSET', 'h', 'a', '1', 'b', '2', 'a', '3')).toBe(2);
      expect(h.run('HSET', 'h', 'a', '4', 'c', '5')).toBe(1);
      expect(h.run('HMSET', 'h', 'd', '6')).toBe('OK');
      expect(h.run('HGET', 'h', 'a')).toBe('4');
      expect(h.run('HGET', 'h', 'x')).toBe(null);
      expect(h.run('HMGET', 'h', 'a', 'x', 'c')).toEqual(['4', null, '5']);
      expect(h.run('HMGET', 'none', 'a', 'b')).toEqual([null, null]);
      expect(pairs(h.run('HGETALL', 'h'))).toEqual(['a=4', 'b=2', 'c=5', 'd=6']);
      expect((h.run('HKEYS', 'h') as string[]).sort()).toEqual(['a', 'b', 'c', 'd']);
      expect((h.run('HVALS', 'h') as string[]).sort()).toEqual(['2', '4', '5', '6']);
      expect(h.run('HLEN', 'h')).toBe(4);
      expect(h.run('HSTRLEN', 'h', 'a')).toBe(1);
      expect(h.run('HEXISTS', 'h', 'b')).toBe(1);
      expect(h.run('HSETNX', 'h', 'b', 'no')).toBe(0);
      expect(h.run('HSETNX', 'h', 'e', 'yes')).toBe(1);
      expect(h.run('HDEL', 'h', 'a', 'a', 'x', 'b')).toBe(2);
      expect(h.run('HDEL', 'h', 'c', 'd', 'e', 'x')).toBe(3);
      expect(h.run('EXISTS', 'h')).toBe(0);
      expect(h.raw('HGETALL', 'h').toString()).toBe('*0\r\n');
    });

    it('holds empty and binary fields and values', () => {
      const h = new CommandHarness({ arena });
      expect(h.run('HSET', 'h', '', '', '\x00\xff', '\r\n')).toBe(2);
      expect(h.run('HGET', 'h', '')).toBe('');
      expect(h.run('HGET', 'h', '\x00\xff')).toBe('\r\n');
    });

    it('answers maps and nested pairs in RESP3', () => {
      const h = new CommandHarness({ arena });
      h.run('HSET', 'h', 'a', '1');
      h.run('HELLO', '3');
      expect(h.raw('HGETALL', 'h').toString()).toBe('%1\r\n$1\r\na\r\n$1\r\n1\r\n');
      expect(h.raw('HGETALL', 'none').toString()).toBe('%0\r\n');
      expect(h.raw('HKEYS', 'none').toString()).toBe('*0\r\n');
      expect(h.raw('HRANDFIELD', 'h', '-2', 'WITHVALUES').toString()).toBe(
        `*2\r\n${'*2\r\n$1\r\na\r\n$1\r\n1\r\n'.repeat(2)}`,
      );
      expect(h.raw('HRANDFIELD', 'none').toString()).toBe('_\r\n');
    });

    it('refuses wrong types and wrong numbers of arguments', () => {
      const h = new CommandHarness({ arena });
      h.run('SET', 's', 'x');
      for (const command of ['HGETALL', 'HKEYS', 'HVALS', 'HLEN', 'HRANDFIELD']) {
        expect(text(h.run(command, 's'))).toMatch(/^WRONGTYPE/);
      }
      expect(text(h.run('HSET', 's', 'f', 'v'))).toMatch(/^WRONGTYPE/);
      expect(text(h.run('HSET', 'h', 'f', 'v', 'g'))).toBe(
        "ERR wrong number of arguments for 'hset' command",
      );
      expect(text(h.run('HMSET', 's', 'f', 'v', 'g'))).toBe(
        "ERR wrong number of arguments for 'hmset' command",
      );
      expect(h.run('EXISTS', 'h')).toBe(0);
    });

    it('counts changes', () => {
      const h = new CommandHarness({ arena });
      const dirtied = (...args: (string | number)[]): number => {
        const before = h.server.dirty;
        h.run(...args);
        return h.server.dirty - before;
      };
      expect(dirtied('HSET', 'h', 'a', '1', 'b', '2')).toBe(2);
      expect(dirtied('HSETNX', 'h', 'a', '1')).toBe(0);
      expect(dirtied('HDEL', 'h', 'a', 'x')).toBe(1);
      expect(dirtied('HINCRBY', 'h', 'b', 1)).toBe(1);
      expect(dirtied('HEXPIRE', 'h', 100, 'FIELDS', 2, 'b', 'x')).toBe(1);
      expect(dirtied('HPERSIST', 'h', 'FIELDS', 2, 'b', 'x')).toBe(1);
      expect(dirtied('HPERSIST', 'h', 'FIELDS', 1, 'b')).toBe(0);
    });

    it('adds integers', () => {
      const h = new CommandHarness({ arena });
      expect(h.run('HINCRBY', 'h', 'n', '9223372036854775800')).toBe(9223372036854775800n);
      expect(text(h.run('HINCRBY', 'h', 'n', 8))).toBe('ERR increment or decrement would overflow');
      expect(h.run('HINCRBY', 'h', 'n', '-9223372036854775808')).toBe(-8);
      expect(text(h.run('HINCRBY', 'h', 'n', '1.5'))).toBe('ERR value is not an integer or out of range');
      h.run('HSET', 'h', 't', ' 1');
      expect(text(h.run('HINCRBY', 'h', 't', 1))).toBe('ERR hash value is not an integer');
    });

    it('adds floating point numbers', () => {
      const h = new CommandHarness({ arena });
      h.run('HSET', 'h', 'f', '10.50', 'i', 'inf', 't', 'x');
      expect(h.run('HINCRBYFLOAT', 'h', 'f', '0.1')).toBe('10.6');
      expect(h.run('HINCRBYFLOAT', 'h', 'f', '-5e3')).toBe('-4989.39999999999999991');
      expect(h.run('HINCRBYFLOAT', 'h', 'new', '3.0')).toBe('3');
      expect(text(h.run('HINCRBYFLOAT', 'h', 'f', 'x'))).toBe('ERR value is not a valid float');
      expect(text(h.run('HINCRBYFLOAT', 'h', 'f', 'inf'))).toBe('ERR value is NaN or Infinity');
      expect(text(h.run('HINCRBYFLOAT', 'h', 'i', 1))).toBe('ERR increment would produce NaN or Infinity');
      expect(text(h.run('HINCRBYFLOAT', 'h', 't', 1))).toBe('ERR hash value is not a float');
    });

    it('reports the encodings of the configured thresholds', () => {
      const h = new CommandHarness({
        arena,
        configuration: { 'hash-max-listpack-entries': '3', 'hash-max-listpack-value': '10' },
      });
      const encoding = (): unknown => h.run('OBJECT', 'ENCODING', 'h');
      filled(h, 3);
      expect(encoding()).toBe('listpack');
      h.run('HSETNX', 'h', 'f3', '3');
      expect(encoding()).toBe('hashtable');
      h.run('HDEL', 'h', 'f3');
      expect(encoding()).toBe('hashtable');
      h.run('DEL', 'h');
      h.run('HSET', 'h', 'f', 'v'.repeat(11));
      expect(encoding()).toBe('hashtable');
      h.run('DEL', 'h');
      h.run('HSET', 'h', 'f', 'v');
      h.run('HEXPIRE', 'h', 10, 'FIELDS', 1, 'no such field');
      expect(encoding()).toBe('listpackex');
      h.run('HINCRBY', 'h', 'n', '12345678901');
      expect(encoding()).toBe('hashtable');
    });

    for (const count of [20, 2000]) {
      it(`draws random fields of ${count}`, () => {
        const h = new CommandHarness({ arena });
        filled(h, count);
        const all = new Set(h.run('HKEYS', 'h') as string[]);
        expect(all.has(h.run('HRANDFIELD', 'h') as string)).toBe(true);
        for (const wanted of [1, 2, 5, count / 2, count - 1, count, count * 3]) {
          const drawn = h.run('HRANDFIELD', 'h', wanted) as string[];
          expect(drawn.length).toBe(Math.min(wanted, count));
          expect(new Set(drawn).size).toBe(drawn.length);
          for (const field of drawn) expect(all.has(field)).toBe(true);
        }
        const repeated = h.run('HRANDFIELD', 'h', -count * 5, 'withvalues') as string[];
        expect(repeated.length).toBe(count * 10);
        for (let i = 0; i < repeated.length; i += 2) expect(repeated[i]).toBe(`f${repeated[i + 1]}`);
        // (1 - 1/n)^(5n) of the fields, 0.7 %, are expected to be missed.
        expect(new Set(repeated.filter((_, i) => i % 2 === 0)).size).toBeGreaterThan(count * 0.9);
        expect(h.run('HRANDFIELD', 'h', 0)).toEqual([]);
      });

      it(`scans ${count} fields`, () => {
        const h = new CommandHarness({ arena });
        filled(h, count);
        expect(new Set(scanned(h, 'NOVALUES')).size).toBe(count);
        expect(new Set(scanned(h)).size).toBe(
          count * 2 - new Set(scanned(h, 'NOVALUES', 'MATCH', '[0-9]*')).size,
        );
        expect([...new Set(scanned(h, 'NOVALUES', 'MATCH', 'f1?', 'COUNT', 5))].sort()).toEqual(
          Array.from({ length: 10 }, (_, i) => `f1${i}`),
        );
      });
    }

    it('ends the connection where random fields would go on beyond the output limit', () => {
      const h = new CommandHarness({ arena });
      h.run('HSET', 'h', 'f'.repeat(100), 'v'.repeat(900));
      h.run('CONFIG', 'SET', 'client-output-buffer-limit', 'normal 100000 0 0');
      expect((h.run('HRANDFIELD', 'h', '-99', 'WITHVALUES') as string[]).length).toBe(198);
      expect(h.client.socket.ended).toBe(false);
      h.raw('HRANDFIELD', 'h', '-1000000000000', 'WITHVALUES');
      expect(h.client.socket.ended).toBe(true);
      expect(h.connect().run('HLEN', 'h')).toBe(1);
    });

    it('refuses wrong counts, cursors and options', () => {
      const h = new CommandHarness({ arena });
      filled(h, 3);
      const cases: [string[], string][] = [
        [['HRANDFIELD', 'h', 'x'], 'ERR value is not an integer or out of range'],
        [
          ['HRANDFIELD', 'h', '-9223372036854775808'],
          'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
        ],
        [['HRANDFIELD', 'h', '-9223372036854775807', 'WITHVALUES'], 'ERR value is out of range'],
        [['HRANDFIELD', 'h', '1', 'WITHVALUE'], 'ERR syntax error'],
        [['HRANDFIELD', 'h', '1', 'WITHVALUES', 'x'], 'ERR syntax error'],
        [['HSCAN', 'h', 'x'], 'ERR invalid cursor'],
        [['HSCAN', 'h', '0', 'COUNT', '0'], 'ERR syntax error'],
        [['HSCAN', 'h', '0', 'COUNT', 'x'], 'ERR value is not an integer or out of range'],
        [['HSCAN', 'h', '0', 'TYPE', 'hash'], 'ERR syntax error'],
      ];
      for (const [args, message] of cases) expect(text(h.run(...args))).toBe(message);
      expect(h.raw('HSCAN', 'none', '0', 'FOO').toString()).toBe('*2\r\n$1\r\n0\r\n*0\r\n');
    });
  });

  for (const entriesMax of ['512', '0']) {
    describe(`field expiry over ${arena ? 'the arena' : 'the map'}, at most ${entriesMax} packed`, () => {
      const start = (count = 40): CommandHarness => {
        const h = new CommandHarness({ arena, configuration: { 'hash-max-listpack-entries': entriesMax } });
        h.server.activeExpiry = false;
        filled(h, count);
        return h;
      };

      it('answers one code a field', () => {
        const h = start();
        expect(h.run('HEXPIRE', 'h', 10, 'FIELDS', 2, 'f0', 'x')).toEqual([1, -2]);
        expect(h.run('HEXPIRE', 'h', 20, 'NX', 'FIELDS', 2, 'f0', 'f1')).toEqual([0, 1]);
        expect(h.run('HEXPIRE', 'h', 15, 'GT', 'FIELDS', 3, 'f0', 'f1', 'f2')).toEqual([1, 0, 0]);
        expect(h.run('HEXPIRE', 'h', 17, 'lt', 'fields', 3, 'f0', 'f1', 'f3')).toEqual([0, 1, 1]);
        expect(h.run('HEXPIRE', 'h', 30, 'XX', 'FIELDS', 2, 'f0', 'f4')).toEqual([1, 0]);
        expect(h.run('HTTL', 'h', 'FIELDS', 5, 'f0', 'f1', 'f2', 'f3', 'x')).toEqual([30, 17, -1, 17, -2]);
        expect(h.run('HPTTL', 'h', 'FIELDS', 1, 'f0')).toEqual([30000]);
        expect(h.run('HEXPIRETIME', 'h', 'FIELDS', 1, 'f0')).toEqual([HARNESS_EPOCH_MS / 1000 + 30]);
        expect(h.run('HPEXPIRETIME', 'h', 'FIELDS', 1, 'f0')).toEqual([HARNESS_EPOCH_MS + 30000]);
        expect(h.run('HPERSIST', 'h', 'FIELDS', 3, 'f0', 'f2', 'x')).toEqual([1, -1, -2]);
        expect(h.run('HTTL', 'h', 'FIELDS', 1, 'f0')).toEqual([-1]);
        expect(h.run('HPEXPIRE', 'h', 1500, 'FIELDS', 1, 'f0')).toEqual([1]);
        expect(h.run('HTTL', 'h', 'FIELDS', 1, 'f0')).toEqual([2]);
        for (const command of ['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME', 'HPERSIST']) {
          expect(h.run(command, 'none', 'FIELDS', 2, 'a', 'b')).toEqual([-2, -2]);
        }
        expect(h.run('HEXPIRE', 'none', 1, 'FIELDS', 2, 'a', 'b')).toEqual([-2, -2]);
      });

      it('deletes fields whose time is past, and the hash with the last', () => {
        const h = start();
        expect(h.run('HEXPIREAT', 'h', 1, 'FIELDS', 2, 'f0', 'f0')).toEqual([2, -2]);
        expect(h.run('HPEXPIREAT', 'h', HARNESS_EPOCH_MS, 'FIELDS', 1, 'f1')).toEqual([2]);
        expect(h.run('HLEN', 'h')).toBe(38);
        const rest = h.run('HKEYS', 'h') as string[];
        h.run('HPEXPIRE', 'h', 0, 'FIELDS', rest.length, ...rest);
        expect(h.run('EXISTS', 'h')).toBe(0);
        expect(h.server.stats.expiredFields).toBe(40);
      });

      it('hides expired fields and removes them when they are asked for', () => {
        const h = start(6);
        h.run('HPEXPIRE', 'h', 100, 'FIELDS', 6, 'f0', 'f1', 'f2', 'f3', 'f4', 'f5');
        h.run('HPERSIST', 'h', 'FIELDS', 1, 'f5');
        h.advance(100);
        expect(h.run('HGET', 'h', 'f0')).toBe('0');
        h.advance(1);
        expect(pairs(h.run('HGETALL', 'h'))).toEqual(['f5=5']);
        expect(h.run('HKEYS', 'h')).toEqual(['f5']);
        expect(scanned(h)).toEqual(['f5', '5']);
        expect(h.run('HPTTL', 'h', 'FIELDS', 1, 'f0')).toEqual([-2]);
        expect(h.run('HLEN', 'h')).toBe(6);
        expect(h.run('HGET', 'h', 'f0')).toBe(null);
        expect(h.run('HEXISTS', 'h', 'f1')).toBe(0);
        expect(h.run('HSTRLEN', 'h', 'f2')).toBe(0);
        expect(h.run('HLEN', 'h')).toBe(3);
        expect(h.run('HSET', 'h', 'f3', 'again')).toBe(0);
        expect(h.run('HTTL', 'h', 'FIELDS', 1, 'f3')).toEqual([-1]);
        expect(h.run('HDEL', 'h', 'f4')).toBe(1);
      });

      it('removes the key with its last expired field', () => {
        const h = start(2);
        h.run('HPEXPIRE', 'h', 1, 'FIELDS', 2, 'f0', 'f1');
        h.run('EXPIRE', 'h', 1000);
        h.advance(2);
        expect(h.run('EXISTS', 'h')).toBe(1);
        expect(h.run('HMGET', 'h', 'f0', 'f1', 'f0')).toEqual([null, null, null]);
        expect(h.run('EXISTS', 'h')).toBe(0);
        filled(h, 1);
        h.run('EXPIRE', 'h', 1000);
        h.run('HPEXPIRE', 'h', 1, 'FIELDS', 1, 'f0');
        h.advance(2);
        expect(h.run('HSETNX', 'h', 'f0', 'new')).toBe(1);
        expect(h.run('TTL', 'h')).toBe(-1);
        h.run('HPEXPIRE', 'h', 1, 'FIELDS', 1, 'f0');
        h.advance(2);
        expect(h.run('HINCRBY', 'h', 'f0', 5)).toBe(5);
        expect(h.run('HTTL', 'h', 'FIELDS', 1, 'f0')).toEqual([-1]);
        h.run('HPEXPIRE', 'h', 1, 'FIELDS', 1, 'f0');
        h.advance(2);
        expect(h.run('HRANDFIELD', 'h', 3)).toEqual([]);
        expect(h.run('EXISTS', 'h')).toBe(0);
      });

      it('draws live fields only and removes the others', () => {
        const h = start();
        h.run('HPEXPIRE', 'h', 1, 'FIELDS', 37, ...Array.from({ length: 37 }, (_, i) => `f${i}`));
        h.advance(2);
        expect((h.run('HRANDFIELD', 'h', 10) as string[]).sort()).toEqual(['f37', 'f38', 'f39']);
        expect(h.run('HLEN', 'h')).toBe(3);
        expect(h.server.stats.expiredFields).toBe(37);
      });

      it('drops the expiry on HSET and keeps it on HINCRBY and HINCRBYFLOAT', () => {
        const h = start();
        h.run('HEXPIRE', 'h', 10, 'FIELDS', 3, 'f0', 'f1', 'f2');
        h.run('HSET', 'h', 'f0', 'x');
        h.run('HINCRBY', 'h', 'f1', '1000');
        h.run('HINCRBYFLOAT', 'h', 'f2', '0.25');
        expect(h.run('HTTL', 'h', 'FIELDS', 3, 'f0', 'f1', 'f2')).toEqual([-1, 10, 10]);
        expect(h.run('HMGET', 'h', 'f0', 'f1', 'f2')).toEqual(['x', '1001', '2.25']);
      });

      it('lets a field past its expiry be given a new one, as Redis does', () => {
        const h = start();
        h.run('HPEXPIRE', 'h', 1, 'FIELDS', 1, 'f0');
        h.advance(2);
        expect(h.run('HEXPIRE', 'h', 10, 'NX', 'FIELDS', 1, 'f0')).toEqual([0]);
        expect(h.run('HEXPIRE', 'h', 10, 'FIELDS', 1, 'f0')).toEqual([1]);
        expect(h.run('HGET', 'h', 'f0')).toBe('0');
      });

      it('copies fields with their expiries', () => {
        const h = start();
        h.run('HEXPIRE', 'h', 10, 'FIELDS', 1, 'f0');
        expect(h.run('COPY', 'h', 'c')).toBe(1);
        h.run('HDEL', 'h', 'f1');
        expect(h.run('HTTL', 'c', 'FIELDS', 2, 'f0', 'f1')).toEqual([10, -1]);
        expect(h.run('OBJECT', 'ENCODING', 'c')).toBe(h.run('OBJECT', 'ENCODING', 'h'));
      });

      it('removes expired fields by itself', () => {
        const h = start(100);
        h.server.activeExpiry = true;
        h.run('HPEXPIRE', 'h', 10, 'FIELDS', 70, ...Array.from({ length: 70 }, (_, i) => `f${i}`));
        h.advance(3000);
        expect(h.run('HLEN', 'h')).toBe(30);
        h.run('HPEXPIRE', 'h', 10, 'FIELDS', 30, ...Array.from({ length: 30 }, (_, i) => `f${i + 70}`));
        h.advance(3000);
        expect(h.run('EXISTS', 'h')).toBe(0);
      });

      it('removes expired fields of hashes that were renamed, moved and copied', () => {
        const h = start(3);
        h.server.activeExpiry = true;
        h.run('HPEXPIRE', 'h', 1000, 'FIELDS', 1, 'f0');
        h.run('RENAME', 'h', 'renamed');
        h.run('COPY', 'renamed', 'copied');
        h.run('COPY', 'renamed', 'moved');
        h.run('MOVE', 'moved', 1);
        h.advance(3000);
        expect(h.run('HLEN', 'renamed')).toBe(2);
        expect(h.run('HLEN', 'copied')).toBe(2);
        h.run('SELECT', 1);
        expect(h.run('HLEN', 'moved')).toBe(2);
      });

      it('tells INFO how many hashes have fields that expire', () => {
        const h = start(3);
        const subexpiry = (): string | undefined =>
          /subexpiry=(\d+)/.exec(String(h.run('INFO', 'keyspace')))?.[1];
        expect(subexpiry()).toBe('0');
        h.run('HEXPIRE', 'h', 100, 'FIELDS', 2, 'f0', 'f1');
        h.run('HEXPIRE', 'h', 10, 'FIELDS', 1, 'f0');
        h.run('COPY', 'h', 'c');
        expect(subexpiry()).toBe('2');
        h.run('DEL', 'c');
        expect(subexpiry()).toBe('1');
        h.server.activeExpiry = true;
        h.advance(101_000);
        expect(subexpiry()).toBe('0');
      });

      it('refuses what is wrong in the order of Redis', () => {
        const h = start();
        h.run('SET', 's', 'x');
        const far = 2 ** 46;
        const cases: [(string | number)[], string | RegExp][] = [
          [['HEXPIRE', 's', 'x', 'FIELDS', 1, 'f'], /^WRONGTYPE/],
          [['HEXPIRE', 'h', 'x', 'FIELDS', 1, 'f'], 'ERR value is not an integer or out of range'],
          [['HEXPIRE', 'h', -1, 'FIELDS', 1, 'f'], 'ERR invalid expire time, must be >= 0'],
          [['HEXPIRE', 'h', far, 'FIELDS', 1, 'f'], "ERR invalid expire time in 'hexpire' command"],
          [['HPEXPIRE', 'h', far - 1, 'FIELDS', 1, 'f'], "ERR invalid expire time in 'hpexpire' command"],
          [['HPEXPIREAT', 'h', far, 'FIELDS', 1, 'f'], "ERR invalid expire time in 'hpexpireat' command"],
          [
            ['HEXPIREAT', 'h', Math.ceil(far / 1000), 'FIELDS', 1, 'f'],
            "ERR invalid expire time in 'hexpireat' command",
          ],
          [
            ['HEXPIRE', 'h', 1, 'YY', 'FIELDS', 1, 'f'],
            'ERR Mandatory argument FIELDS is missing or not at the right position',
          ],
          [['HEXPIRE', 'h', 1, 'FIELDS', 0, 'f'], 'ERR Parameter `numFields` should be greater than 0'],
          [['HEXPIRE', 'h', 1, 'FIELDS', 'x', 'f'], 'ERR Parameter `numFields` should be greater than 0'],
          [
            ['HEXPIRE', 'h', 1, 'FIELDS', 2, 'f'],
            'ERR The `numfields` parameter must match the number of arguments',
          ],
          [['HTTL', 's', 'x', 1, 'f'], /^WRONGTYPE/],
          [
            ['HTTL', 'h', 'x', 1, 'f'],
            'ERR Mandatory argument FIELDS is missing or not at the right position',
          ],
          [['HTTL', 'h', 'FIELDS', 0, 'f'], 'ERR Number of fields must be a positive integer'],
          [
            ['HPERSIST', 'h', 'FIELDS', 3, 'f'],
            'ERR The `numfields` parameter must match the number of arguments',
          ],
        ];
        for (const [args, message] of cases) expect(text(h.run(...args))).toMatch(message);
        expect(h.run('HPEXPIREAT', 'h', far - 1, 'FIELDS', 1, 'f0')).toEqual([1]);
      });
    });
  }
}
