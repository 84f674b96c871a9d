import { beforeEach, describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { type Argument, CommandHarness, encodeRequest } from '../commandHarness.ts';

let h: CommandHarness;
const run = (...words: Argument[]): unknown => h.run(...words);
const error = (text: string): ErrorReply => new ErrorReply(text);

beforeEach(() => {
  h = new CommandHarness();
});

describe('a transaction', () => {
  it('queues, then runs everything in one go', () => {
    expect(run('MULTI')).toBe('OK');
    expect(run('SET', 'a', '1')).toBe('QUEUED');
    expect(run('INCR', 'a')).toBe('QUEUED');
    expect(run('LPUSH', 'a', 'x')).toBe('QUEUED');
    expect(run('GET', 'a')).toBe('QUEUED');
    expect(h.connect().run('GET', 'a')).toBe(null);
    expect(run('EXEC')).toEqual([
      'OK',
      2,
      error('WRONGTYPE Operation against a key holding the wrong kind of value'),
      '2',
    ]);
    expect(run('EXEC')).toEqual(error('ERR EXEC without MULTI'));
    expect(run('DISCARD')).toEqual(error('ERR DISCARD without MULTI'));
  });

  it('keeps its arguments when the read buffer has moved on', () => {
    const requests = [['MULTI'], ['SET', 'k', 'v'.repeat(500)], ['STRLEN', 'k'], ['EXEC']];
    expect(h.client.send(Buffer.concat(requests.map(encodeRequest)), 7).toString()).toBe(
      '+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n:500\r\n',
    );
  });

  it('is refused whole when a command was refused', () => {
    const aborted = error('EXECABORT Transaction discarded because of previous errors.');
    for (const broken of [['NOSUCH'], ['GET'], ['CONFIG', 'NOSUCH']]) {
      run('MULTI');
      expect(run('SET', 'a', '1')).toBe('QUEUED');
      expect(run(...broken)).toBeInstanceOf(ErrorReply);
      expect(run('EXEC')).toEqual(aborted);
      expect(run('EXISTS', 'a')).toBe(0);
    }
    run('MULTI');
    expect(run('EXEC', 'x')).toEqual(
      error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command"),
    );
    expect(run('PING')).toBe('PONG');
  });

  it('cannot be nested, nor watch, and goes on all the same', () => {
    run('MULTI');
    expect(run('MULTI')).toEqual(error('ERR MULTI calls can not be nested'));
    expect(run('WATCH', 'a')).toEqual(error('ERR WATCH inside MULTI is not allowed'));
    run('SET', 'a', '1');
    expect(run('EXEC')).toEqual(['OK']);
  });

  it('ends with RESET, and with the connection', () => {
    run('WATCH', 'a');
    run('MULTI');
    run('RESET');
    expect(run('PING')).toBe('PONG');
    const other = h.connect();
    other.run('WATCH', 'a');
    other.run('MULTI');
    other.close();
    expect(h.server.keyEvents.watched.keyCount).toBe(0);
    expect(h.server.keyEvents.active).toBe(false);
  });

  it('takes no memory that is not there', () => {
    run('SET', 'k', 'x'.repeat(1000));
    run('CONFIG', 'SET', 'maxmemory', '1');
    run('MULTI');
    const oom = "OOM command not allowed when used memory > 'maxmemory'.";
    expect(run('GET', 'k')).toEqual(error(oom));
    expect(run('EXEC')).toEqual(error('EXECABORT Transaction discarded because of previous errors.'));
  });

  it('counts its commands and their failures once', () => {
    run('MULTI');
    run('GET', 'a');
    run('LPOP', 'a', 'x');
    run('EXEC');
    const info = run('INFO', 'commandstats') as string;
    expect(info).toMatch(/cmdstat_get:calls=1,.*failed_calls=0/);
    expect(info).toMatch(/cmdstat_lpop:calls=1,.*failed_calls=1/);
    expect(info).toMatch(/cmdstat_exec:calls=1,.*failed_calls=0/);
  });
});

describe('WATCH', () => {
  let other: ReturnType<CommandHarness['connect']>;
  const transaction = (): unknown => {
    run('MULTI');
    run('PING');
    return run('EXEC');
  };
  beforeEach(() => {
    other = h.connect();
  });

  it.each([
    ['SET', 'k', 'new'],
    ['SET', 'k', 'old'],
    ['APPEND', 'k', 'x'],
    ['DEL', 'k'],
    ['EXPIRE', 'k', '100'],
    ['RENAME', 'k', 'j'],
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['SWAPDB', '0', '1'],
    ['COPY', 'j', 'k', 'REPLACE'],
    ['GETDEL', 'k'],
    ['SETBIT', 'k', '0', '1'],
    ['MOVE', 'k', '1'],
  ])('makes EXEC do nothing after %j', (...command) => {
    run('SET', 'k', 'old');
    run('SET', 'j', 'other');
    run('WATCH', 'k');
    expect(other.run(...command)).not.toBeInstanceOf(ErrorReply);
    expect(transaction()).toBe(null);
    expect(transaction()).toEqual(['PONG']);
  });

  it.each([
    ['SETNX', 'k', 'x'],
    ['GET', 'k'],
    ['DEL', 'nothing'],
    ['HDEL', 'h', 'nothing'],
    ['SADD', 's', 'member'],
    ['SREM', 's', 'nothing'],
    ['ZADD', 'z', '1', 'a'],
    ['LREM', 'l', '0', 'nothing'],
    ['PERSIST', 'k'],
    ['EXPIRE', 'k', '100', 'XX'],
    ['TOUCH', 'k'],
  ])('lets EXEC run after %j, which changes nothing', (...command) => {
    run('SET', 'k', 'old');
    run('HSET', 'h', 'f', 'v');
    run('SADD', 's', 'member');
    run('ZADD', 'z', '1', 'a');
    run('RPUSH', 'l', 'a');
    run('WATCH', 'k', 'h', 's', 'z', 'l', 'nothing');
    expect(other.run(...command)).not.toBeInstanceOf(ErrorReply);
    expect(transaction()).toEqual(['PONG']);
  });

  it('sees its own client change the key before MULTI, and what the fast lane does', () => {
    run('WATCH', 'k');
    run('SET', 'k', 'v');
    expect(transaction()).toBe(null);
    run('WATCH', 'k');
    for (let i = 0; i < 3; i++) other.run('SET', 'k', `v${i}`);
    expect(transaction()).toBe(null);
  });

  it('forgets with UNWATCH, DISCARD and EXEC', () => {
    for (const forget of [[['UNWATCH']], [['MULTI'], ['DISCARD']], [['MULTI'], ['EXEC']]]) {
      run('WATCH', 'k');
      for (const command of forget) run(...command);
      other.run('SET', 'k', 'v');
      expect(transaction()).toEqual(['PONG']);
    }
  });

  it('breaks when the time of a key has come since, looked at or not', () => {
    run('SET', 'k', 'v', 'PX', '50');
    run('WATCH', 'k');
    h.clock.advanceMs(100);
    expect(transaction()).toBe(null);
  });

  it('does not break when a key that had expired is removed', () => {
    run('SET', 'k', 'v', 'PX', '50');
    h.clock.advanceMs(100);
    run('WATCH', 'k');
    other.run('GET', 'k');
    expect(transaction()).toEqual(['PONG']);
  });
});
