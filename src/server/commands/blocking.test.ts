/** Commands that wait: who is served, in which order, and when it ends. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ErrorReply, readReply } from '../protocol/respReader.ts';
import { type Argument, CommandHarness, encodeRequest, type HarnessClient } from './commandHarness.ts';

let h: CommandHarness;
const run = (...words: Argument[]): unknown => h.run(...words);

/** Sends a command that has to wait. */
function waiting(...words: Argument[]): HarnessClient {
  const client = h.connect();
  expect(client.raw(...words).toString()).toBe('');
  return client;
}
function answers(client: HarnessClient): unknown[] {
  const bytes = client.takeOutput();
  const found: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { next, value } = readReply(bytes, at)!;
    found.push(value);
    at = next;
  }
  return found;
}

beforeEach(() => {
  h = new CommandHarness();
});

describe('a command that waits', () => {
  it('answers at once where there is something', () => {
    run('RPUSH', 'l', 'a', 'b');
    expect(run('BLPOP', 'none', 'l', 0)).toEqual(['l', 'a']);
    expect(run('BRPOP', 'l', 0)).toEqual(['l', 'b']);
    run('SET', 's', 'v');
    expect(run('BLPOP', 's', 0)).toBeInstanceOf(ErrorReply);
  });

  it('serves clients in the order in which they came, one element each', () => {
    const [first, second, third] = [1, 2, 3].map(() => waiting('BLPOP', 'l', 0));
    expect(run('RPUSH', 'l', 'a', 'b')).toBe(2);
    expect(answers(first!)).toEqual([['l', 'a']]);
    expect(answers(second!)).toEqual([['l', 'b']]);
    expect(answers(third!)).toEqual([]);
    expect(run('EXISTS', 'l')).toBe(0);
    expect(run('INFO', 'clients')).toContain('blocked_clients:1');
  });

  it('is served between two commands of one pipeline', () => {
    const client = waiting('BLPOP', 'l', 0);
    const sent = [
      ['RPUSH', 'l', 'a'],
      ['LLEN', 'l'],
      ['RPUSH', 'l', 'b'],
      ['LLEN', 'l'],
    ];
    expect(h.client.send(Buffer.concat(sent.map(encodeRequest))).toString()).toBe(':1\r\n:0\r\n:1\r\n:1\r\n');
    expect(answers(client)).toEqual([['l', 'a']]);
  });

  it('is served after a transaction, not inside it', () => {
    const client = waiting('BLPOP', 'l', 0);
    run('MULTI');
    run('RPUSH', 'l', 'a');
    run('LLEN', 'l');
    run('LPOP', 'l');
    expect(run('EXEC')).toEqual([1, 1, 'a']);
    expect(answers(client)).toEqual([]);
    run('MULTI');
    run('RPUSH', 'l', 'b');
    run('LLEN', 'l');
    expect(run('EXEC')).toEqual([1, 1]);
    expect(answers(client)).toEqual([['l', 'b']]);
  });

  it('does not wait inside a transaction', () => {
    run('MULTI');
    run('BLPOP', 'l', 0);
    run('BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', 0);
    run('XREAD', 'BLOCK', 0, 'STREAMS', 'x', '$');
    expect(run('EXEC')).toEqual([null, null, null]);
  });

  it('takes from the first of its keys that there is', () => {
    const client = waiting('BLPOP', 'a', 'b', 'c', 0);
    run('RPUSH', 'c', '1');
    expect(answers(client)).toEqual([['c', '1']]);
    expect(h.server.blocked.count).toBe(0);
    expect(h.server.blocked.keyCount(false)).toBe(0);
  });

  it('waits on while the key holds something else', () => {
    const client = waiting('BLPOP', 'k', 0);
    run('SET', 'k', 'text');
    expect(answers(client)).toEqual([]);
    run('DEL', 'k');
    run('RPUSH', 'k', 'a');
    expect(answers(client)).toEqual([['k', 'a']]);
  });

  it('moves on from list to list', () => {
    const end = waiting('BLPOP', 'c', 0);
    const middle = waiting('BLMOVE', 'b', 'c', 'LEFT', 'RIGHT', 0);
    const start = waiting('BRPOPLPUSH', 'a', 'b', 0);
    run('RPUSH', 'a', 'x');
    expect([answers(start), answers(middle), answers(end)]).toEqual([['x'], ['x'], [['c', 'x']]]);
    expect(run('DBSIZE')).toBe(0);
  });

  it('ends when its time is up', () => {
    const client = waiting('BLPOP', 'l', '0.5');
    h.advance(400);
    expect(answers(client)).toEqual([]);
    h.advance(200);
    expect(answers(client)).toEqual([null]);
    run('RPUSH', 'l', 'a');
    expect(run('LLEN', 'l')).toBe(1);
  });

  it('holds back what its client sends behind it, and lets it go on', () => {
    const client = waiting('BLPOP', 'l', 0);
    expect(client.raw('SET', 'k', 'v').toString()).toBe('');
    expect(run('GET', 'k')).toBe(null);
    run('RPUSH', 'l', 'a');
    expect(answers(client)).toEqual([['l', 'a'], 'OK']);
    expect(run('GET', 'k')).toBe('v');
  });

  it('is forgotten when its client goes', () => {
    waiting('BLPOP', 'l', 0).close();
    run('RPUSH', 'l', 'a');
    expect(run('LLEN', 'l')).toBe(1);
    expect(h.server.keyEvents.active).toBe(false);
  });

  it('is ended by CLIENT UNBLOCK', () => {
    const client = h.connect();
    const id = client.run('CLIENT', 'ID') as number;
    expect(run('CLIENT', 'UNBLOCK', id)).toBe(0);
    client.raw('BLPOP', 'l', 0);
    expect(run('CLIENT', 'LIST')).toMatch(/flags=b .*cmd=blpop/);
    expect(run('CLIENT', 'UNBLOCK', id)).toBe(1);
    expect(answers(client)).toEqual([null]);
    client.raw('BLPOP', 'l', 0);
    expect(run('CLIENT', 'UNBLOCK', id, 'ERROR')).toBe(1);
    expect(answers(client)).toEqual([new ErrorReply('UNBLOCKED client unblocked via CLIENT UNBLOCK')]);
  });

  it('sees keys that RENAME, COPY, SORT STORE, RESTORE and SWAPDB bring', () => {
    run('RPUSH', 'source', '1');
    const payload = Buffer.from(run('DUMP', 'source') as string, 'latin1');
    for (const bring of [
      ['RENAME', 'source', 'l'],
      ['COPY', 'source', 'l'],
      ['SORT', 'source', 'STORE', 'l'],
      ['RESTORE', 'l', '0', payload],
    ]) {
      run('DEL', 'source');
      run('RPUSH', 'source', '1');
      const client = waiting('BLPOP', 'l', 0);
      run(...bring);
      expect(answers(client)).toEqual([['l', '1']]);
    }
    const client = waiting('BLPOP', 'l', 0);
    run('SELECT', 1);
    run('RPUSH', 'l', 'swapped');
    run('SWAPDB', 0, 1);
    expect(answers(client)).toEqual([['l', 'swapped']]);
  });

  it('pops sorted sets', () => {
    const [low, high] = [waiting('BZPOPMIN', 'z', 0), waiting('BZPOPMAX', 'z', 0)];
    const many = waiting('BZMPOP', 0, 1, 'z', 'MIN', 'COUNT', 10);
    run('ZADD', 'z', 1, 'a', 2, 'b', 3, 'c', 4, 'd');
    expect(answers(low)).toEqual([['z', 'a', '1']]);
    expect(answers(high)).toEqual([['z', 'd', '4']]);
    expect(answers(many)).toEqual([
      [
        'z',
        [
          ['b', '2'],
          ['c', '3'],
        ],
      ],
    ]);
  });
});

describe('XREAD and XREADGROUP', () => {
  it('wake for new entries only, and tell each reader', () => {
    run('XADD', 'x', '1-1', 'f', 'old');
    const readers = [
      waiting('XREAD', 'BLOCK', 0, 'STREAMS', 'x', '$'),
      waiting('XREAD', 'BLOCK', 0, 'STREAMS', 'x', '1-1'),
    ];
    const later = waiting('XREAD', 'BLOCK', 0, 'STREAMS', 'x', '5-0');
    run('XADD', 'x', '2-1', 'f', 'new');
    for (const reader of readers) expect(answers(reader)).toEqual([[['x', [['2-1', ['f', 'new']]]]]]);
    expect(answers(later)).toEqual([]);
    run('XADD', 'x', '6-1', 'f', 'newer');
    expect(answers(later)).toEqual([[['x', [['6-1', ['f', 'newer']]]]]]);
  });

  it('hand an entry to one consumer of a group, and end with the group', () => {
    run('XGROUP', 'CREATE', 'x', 'g', '$', 'MKSTREAM');
    const [one, two] = ['a', 'b'].map((name) =>
      waiting('XREADGROUP', 'GROUP', 'g', name, 'BLOCK', 0, 'STREAMS', 'x', '>'),
    );
    run('XADD', 'x', '1-1', 'f', 'v');
    expect(answers(one!)).toEqual([[['x', [['1-1', ['f', 'v']]]]]]);
    expect(answers(two!)).toEqual([]);
    expect(run('XPENDING', 'x', 'g')).toEqual([1, '1-1', '1-1', [['a', '1']]]);
    run('XGROUP', 'DESTROY', 'x', 'g');
    expect(answers(two!)).toEqual([
      new ErrorReply("NOGROUP No such key 'x' or consumer group 'g' in XREADGROUP with GROUP option"),
    ]);
  });
});
