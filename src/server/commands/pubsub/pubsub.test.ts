import { beforeEach, describe, expect, it } from 'vitest';
import { ErrorReply, PushReply, readReply } from '../../protocol/respReader.ts';
import { type Argument, CommandHarness, encodeRequest, type HarnessClient } from '../commandHarness.ts';

let h: CommandHarness;
let subscriber: HarnessClient;
const run = (...words: Argument[]): unknown => h.run(...words);

/** Everything in the bytes. */
function replies(bytes: Buffer): unknown[] {
  const found: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { next, value } = readReply(bytes, at)!;
    found.push(value instanceof PushReply ? ['push', ...value.items] : value);
    at = next;
  }
  return found;
}
const heard = (): unknown[] => replies(subscriber.takeOutput());

beforeEach(() => {
  h = new CommandHarness();
  subscriber = h.connect();
});

describe('publish and subscribe', () => {
  it('confirms each channel, delivers to names and globs, and counts deliveries', () => {
    expect(replies(subscriber.raw('SUBSCRIBE', 'a', 'b', 'a'))).toEqual([
      ['subscribe', 'a', 1],
      ['subscribe', 'b', 2],
      ['subscribe', 'a', 2],
    ]);
    expect(replies(subscriber.raw('PSUBSCRIBE', 'a*', '[b]'))).toEqual([
      ['psubscribe', 'a*', 3],
      ['psubscribe', '[b]', 4],
    ]);
    expect(run('PUBLISH', 'a', 'one')).toBe(2);
    expect(run('PUBLISH', 'abc', 'two')).toBe(1);
    expect(run('PUBLISH', 'nobody', 'three')).toBe(0);
    expect(heard()).toEqual([
      ['message', 'a', 'one'],
      ['pmessage', 'a*', 'a', 'one'],
      ['pmessage', 'a*', 'abc', 'two'],
    ]);
    expect(replies(subscriber.raw('UNSUBSCRIBE'))).toEqual([
      ['unsubscribe', 'a', 3],
      ['unsubscribe', 'b', 2],
    ]);
    expect(replies(subscriber.raw('PUNSUBSCRIBE', '[b]', 'other'))).toEqual([
      ['punsubscribe', '[b]', 1],
      ['punsubscribe', 'other', 1],
    ]);
    expect(replies(subscriber.raw('UNSUBSCRIBE'))).toEqual([['unsubscribe', null, 1]]);
  });

  it('keeps shard channels apart', () => {
    subscriber.raw('SUBSCRIBE', 'x');
    expect(replies(subscriber.raw('SSUBSCRIBE', 'x'))).toEqual([['ssubscribe', 'x', 1]]);
    expect(run('SPUBLISH', 'x', 'm')).toBe(1);
    expect(heard()).toEqual([['smessage', 'x', 'm']]);
    expect(run('PUBSUB', 'SHARDCHANNELS')).toEqual(['x']);
    expect(run('PUBSUB', 'SHARDNUMSUB', 'x', 'y')).toEqual(['x', 1, 'y', 0]);
  });

  it('allows a RESP2 subscriber only what a subscriber does', () => {
    subscriber.raw('SUBSCRIBE', 'x');
    expect(subscriber.run('GET', 'k')).toEqual(
      new ErrorReply(
        "ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context",
      ),
    );
    expect(subscriber.run('PING')).toEqual(['pong', '']);
    expect(subscriber.run('PING', 'hi')).toEqual(['pong', 'hi']);
    subscriber.raw('UNSUBSCRIBE', 'x');
    expect(subscriber.run('GET', 'k')).toBe(null);
  });

  it('lets a RESP3 subscriber do anything, its own messages behind its replies', () => {
    subscriber.raw('HELLO', '3');
    subscriber.raw('SUBSCRIBE', 'x');
    const sent = [
      ['PUBLISH', 'x', 'one'],
      ['GET', 'k'],
      ['PUBLISH', 'x', 'two'],
    ];
    expect(replies(subscriber.send(Buffer.concat(sent.map(encodeRequest))))).toEqual([
      1,
      ['push', 'message', 'x', 'one'],
      null,
      1,
      ['push', 'message', 'x', 'two'],
    ]);
  });

  it('tells what is subscribed, and forgets who has gone', () => {
    subscriber.raw('SUBSCRIBE', 'news', 'weather');
    subscriber.raw('PSUBSCRIBE', 'n*');
    h.connect().raw('PSUBSCRIBE', 'n*', 'm*');
    expect((run('PUBSUB', 'CHANNELS') as string[]).sort()).toEqual(['news', 'weather']);
    expect(run('PUBSUB', 'CHANNELS', 'w*')).toEqual(['weather']);
    expect(run('PUBSUB', 'NUMSUB', 'news', 'none')).toEqual(['news', 1, 'none', 0]);
    expect(run('PUBSUB', 'NUMPAT')).toBe(2);
    expect(run('CLIENT', 'LIST', 'TYPE', 'pubsub')).toMatch(/flags=P .*sub=2 psub=1 ssub=0/);
    expect(run('INFO', 'stats')).toContain('pubsub_channels:2');
    subscriber.close();
    expect(run('PUBSUB', 'CHANNELS')).toEqual([]);
    expect(run('PUBSUB', 'NUMPAT')).toBe(2);
  });

  it('is part of a transaction', () => {
    subscriber.raw('SUBSCRIBE', 'x');
    run('MULTI');
    run('PUBLISH', 'x', 'm');
    expect(run('EXEC')).toEqual([1]);
    expect(heard()).toEqual([['message', 'x', 'm']]);
  });
});

describe('keyspace events', () => {
  const events = (): string[] =>
    heard().map((message) => (message as string[]).slice(-2).join(' ').replace('__keyevent@0__:', ''));

  const listen = (classes: string): void => {
    run('CONFIG', 'SET', 'notify-keyspace-events', classes);
    subscriber.raw('PSUBSCRIBE', '__keyevent@0__:*');
  };

  it('come on both channels as asked for, or not at all', () => {
    subscriber.raw('PSUBSCRIBE', '__key*');
    run('SET', 'k', 'v');
    expect(heard()).toEqual([]);
    run('CONFIG', 'SET', 'notify-keyspace-events', 'KE$');
    run('SET', 'k', 'v');
    run('DEL', 'k');
    expect(heard()).toEqual([
      ['pmessage', '__key*', '__keyspace@0__:k', 'set'],
      ['pmessage', '__key*', '__keyevent@0__:set', 'k'],
    ]);
    run('CONFIG', 'SET', 'notify-keyspace-events', '');
    run('SET', 'k', 'v');
    expect(heard()).toEqual([]);
    expect(h.server.keyEvents.active).toBe(false);
  });

  it.each<[string, string[], string[]]>([
    ['SET with an expiry', ['SET', 'k', 'v', 'EX', '10'], ['set k', 'expire k']],
    ['MSET', ['MSET', 'a', '1', 'b', '2'], ['set a', 'set b']],
    ['INCR', ['INCR', 'n'], ['incrby n']],
    ['APPEND', ['APPEND', 'k', 'x'], ['append k']],
    ['GETDEL', ['GETDEL', 's'], ['del s']],
    ['EXPIRE in the past', ['EXPIRE', 's', '-1'], ['del s']],
    ['RENAME', ['RENAME', 's', 't'], ['rename_from s', 'rename_to t']],
    ['COPY', ['COPY', 's', 't'], ['copy_to t']],
    ['HSET', ['HSET', 'h', 'g', '1'], ['hset h']],
    ['HDEL of the last field', ['HDEL', 'h', 'f'], ['hdel h', 'del h']],
    ['RPUSH', ['RPUSH', 'l', 'x'], ['rpush l']],
    ['LPOP of the last element', ['LPOP', 'l'], ['lpop l', 'del l']],
    ['LMOVE', ['LMOVE', 'l', 'm', 'LEFT', 'RIGHT'], ['rpush m', 'lpop l', 'del l']],
    ['SADD', ['SADD', 'set', 'x'], ['sadd set']],
    ['SADD of what is there', ['SADD', 'set', 'member'], []],
    ['SMOVE', ['SMOVE', 'set', 'other', 'member'], ['srem set', 'del set', 'sadd other']],
    ['SUNIONSTORE', ['SUNIONSTORE', 'd', 'set'], ['sunionstore d']],
    ['ZADD', ['ZADD', 'z', '5', 'a'], ['zadd z']],
    ['ZINCRBY', ['ZINCRBY', 'z', '5', 'a'], ['zincr z']],
    ['ZPOPMIN', ['ZPOPMIN', 'z'], ['zpopmin z', 'del z']],
    ['XADD', ['XADD', 'x', '1-1', 'f', 'v'], ['xadd x']],
    ['SETBIT', ['SETBIT', 's', '0', '1'], ['setbit s']],
    ['PFADD', ['PFADD', 'hll', 'a'], ['pfadd hll']],
    ['a miss is none', ['GET', 'nothing'], []],
  ])('name what happened: %s', (_, command, expected) => {
    run('SET', 's', 'v');
    run('HSET', 'h', 'f', 'v');
    run('RPUSH', 'l', 'a');
    run('SADD', 'set', 'member');
    run('ZADD', 'z', '1', 'a');
    listen('EA');
    expect(run(...command)).not.toBeInstanceOf(ErrorReply);
    expect(events()).toEqual(expected);
  });

  it('tell of expiry when the key goes, of misses and of new keys where that is asked for', () => {
    listen('Exmn');
    run('SET', 'k', 'v', 'PX', '50');
    h.clock.advanceMs(100);
    run('GET', 'k');
    run('SET', 'j', 'v', 'PX', '50');
    h.advance(300);
    expect(events()).toEqual(['new k', 'expired k', 'keymiss k', 'new j', 'expired j']);
  });
});
