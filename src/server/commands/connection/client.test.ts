import { describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness } from '../commandHarness.ts';

const error = (text: string): ErrorReply => new ErrorReply(text);

describe('names', () => {
  it('holds printable names only', () => {
    const h = new CommandHarness();
    expect(h.run('CLIENT', 'GETNAME')).toBeNull();
    const refusal = 'ERR Client names cannot contain spaces, newlines or special characters.';
    for (const name of ['a b', 'a\n', '\x7f', '\xe9'])
      expect(h.run('CLIENT', 'SETNAME', name)).toEqual(error(refusal));
    // Longer than any name: refused, not cut and not made a string of.
    expect(h.run('CLIENT', 'SETNAME', 'a'.repeat(65_537))).toEqual(error(refusal));
    expect(h.run('CLIENT', 'SETNAME', 'worker-1')).toBe('OK');
    expect(h.run('CLIENT', 'GETNAME')).toBe('worker-1');
    h.run('CLIENT', 'SETNAME', '');
    expect(h.run('CLIENT', 'GETNAME')).toBeNull();
    expect(h.run('CLIENT', 'SETINFO', 'lib-ver', '1.2')).toBe('OK');
    expect(h.run('CLIENT', 'SETINFO', 'Lib-Name', 'a b')).toEqual(
      error('ERR Lib-Name cannot contain spaces, newlines or special characters.'),
    );
    expect(h.run('CLIENT', 'SETINFO', 'other', 'x')).toEqual(error("ERR Unrecognized option 'other'"));
  });
});

describe('CLIENT LIST', () => {
  it('describes each connection in one line', () => {
    const h = new CommandHarness();
    const other = h.connect();
    other.run('SELECT', '2');
    h.advance(3500);
    const lines = (h.run('CLIENT', 'LIST') as string).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^id=1 addr=127\.0\.0\.1:50000 laddr=127\.0\.0\.1:6379 fd=8 name= age=3 idle=0 flags=N db=0 sub=0 /,
    );
    expect(lines[0]).toMatch(/ cmd=client\|list user=default redir=-1 resp=2 lib-name= lib-ver=$/);
    expect(lines[1]).toMatch(/^id=2 .* age=3 idle=3 flags=N db=2 .* cmd=select /);
    expect(lines[2]).toBe('');
    expect(h.run('CLIENT', 'INFO')).toBe(`${lines[0]!.replace('client|list', 'client|info')}\n`);
    expect(h.run('CLIENT', 'LIST', 'ID', '2', '77', '2')).toBe(`${lines[1]}\n`);
    expect(h.run('CLIENT', 'LIST', 'TYPE', 'pubsub')).toBe('');
    expect(h.run('CLIENT', 'LIST', 'TYPE', 'x')).toEqual(error("ERR Unknown client type 'x'"));
    expect(h.run('CLIENT', 'LIST', 'ID', 'x')).toEqual(error('ERR Invalid client ID'));
    expect(h.run('CLIENT', 'LIST', 'x')).toEqual(error('ERR syntax error'));
  });

  it('is verbatim text in RESP3', () => {
    const h = new CommandHarness();
    h.run('HELLO', '3');
    expect(h.raw('CLIENT', 'INFO').toString()).toMatch(/^=\d+\r\ntxt:id=1 /);
  });
});

describe('CLIENT KILL', () => {
  it('closes others and spares the caller by default', () => {
    const h = new CommandHarness();
    const others = [h.connect(), h.connect()];
    expect(h.run('CLIENT', 'KILL', 'ID', '2')).toBe(1);
    expect(others.map(({ socket }) => socket.ended)).toEqual([true, false]);
    // A closing connection is neither listed nor killed twice.
    expect(h.run('CLIENT', 'KILL', 'ID', '2')).toBe(0);
    expect((h.run('CLIENT', 'LIST') as string).split('\n')).toHaveLength(3);
    expect(h.run('CLIENT', 'KILL', 'TYPE', 'normal', 'USER', 'default')).toBe(1);
    expect(others[1]!.socket.ended).toBe(true);
    expect(h.client.socket.ended).toBe(false);
  });

  it('answers before it closes the caller itself', () => {
    const h = new CommandHarness();
    expect(h.run('CLIENT', 'KILL', 'ID', '1', 'SKIPME', 'no')).toBe(1);
    expect(h.client.socket.ended).toBe(true);
    const old = new CommandHarness();
    expect(old.run('CLIENT', 'KILL', '127.0.0.1:50000')).toBe('OK');
    expect(old.client.socket.ended).toBe(true);
  });

  it('takes all conditions together', () => {
    const h = new CommandHarness();
    const early = h.connect();
    h.advance(5000);
    const late = h.connect();
    expect(h.run('CLIENT', 'KILL', 'MAXAGE', '5', 'ADDR', '127.0.0.1:50000')).toBe(1);
    expect([early.socket.ended, late.socket.ended]).toEqual([true, false]);
  });

  it.each([
    [['1.2.3.4:5'], 'ERR No such client'],
    [['ID', '0'], 'ERR client-id should be greater than 0'],
    [['MAXAGE', 'x'], 'ERR maxage is not an integer or out of range'],
    [['MAXAGE', '0'], 'ERR maxage should be greater than 0'],
    [['USER', 'x'], "ERR No such user 'x'"],
    [['SKIPME', 'x'], 'ERR syntax error'],
    [['ID', '1', 'ADDR'], 'ERR syntax error'],
  ])('refuses %j', (args, text) => {
    expect(new CommandHarness().run('CLIENT', 'KILL', ...args)).toEqual(error(text));
  });
});

describe('CLIENT PAUSE', () => {
  it('holds everything until the time is over', () => {
    const h = new CommandHarness();
    const other = h.connect();
    expect(h.run('CLIENT', 'PAUSE', '1000')).toBe('OK');
    expect(other.run('GET', 'k')).toBeUndefined();
    h.advance(1100);
    expect(other.takeOutput().toString()).toBe('$-1\r\n');
  });

  it('may hold writes only, and ends early when told', () => {
    const h = new CommandHarness();
    const other = h.connect();
    h.run('CLIENT', 'PAUSE', '100000', 'WRITE');
    expect(other.run('GET', 'k')).toBeNull();
    expect(other.run('SET', 'k', 'v')).toBeUndefined();
    expect(h.run('CLIENT', 'UNPAUSE')).toBe('OK');
    h.advance(100);
    expect(other.takeOutput().toString()).toBe('+OK\r\n');
  });

  it('holds transactions that write, and refuses at once what would be refused anyway', () => {
    const h = new CommandHarness();
    const [reader, writer] = [h.connect(), h.connect()];
    for (const client of [reader, writer]) client.run('MULTI');
    reader.run('GET', 'k');
    writer.run('SET', 'k', 'v');
    h.run('CLIENT', 'PAUSE', '1000', 'WRITE');
    expect(reader.run('EXEC')).toEqual([null]);
    expect(writer.run('EXEC')).toBeUndefined();
    expect(h.run('CLIENT', 'LIST', 'ID', '3')).toMatch(/ flags=xb .* cmd=exec /);
    expect(reader.run('SET', 'k')).toEqual(error("ERR wrong number of arguments for 'set' command"));
    expect(reader.run('PUBLISH', 'x', 'y')).toBeUndefined();
    h.advance(1100);
    expect(writer.takeOutput().toString()).toBe('*1\r\n+OK\r\n');
    expect(reader.takeOutput().toString()).toBe(':0\r\n');
  });

  it('leaves the data as it is: what has expired is unseen, and stays', () => {
    const h = new CommandHarness();
    h.run('SET', 'k', 'v', 'PX', '10');
    h.run('CLIENT', 'PAUSE', '1000', 'WRITE');
    h.advance(500);
    expect([h.run('GET', 'k'), h.run('DBSIZE')]).toEqual([null, 1]);
    h.advance(1000);
    expect(h.run('DBSIZE')).toBe(0);
  });

  it('is never weakened by a second one', () => {
    const h = new CommandHarness();
    const { clients } = h.server;
    h.run('CLIENT', 'PAUSE', '5000', 'WRITE');
    h.run('CLIENT', 'PAUSE', '10', 'ALL');
    expect(clients.pauseWritesOnly).toBe(false);
    expect(clients.pausedUntilMs).toBe(h.clock.nowMs() + 5000);
    // Of all commands, those that would end it too.
    expect(h.run('CLIENT', 'UNPAUSE')).toBeUndefined();
    expect(h.server.clients.held.size).toBe(1);
    h.client.close();
    expect(h.server.clients.held.size).toBe(0);
  });

  it.each([
    [['x'], 'ERR timeout is not an integer or out of range'],
    [['-1'], 'ERR timeout is negative'],
    [['9223372036854775807'], 'ERR timeout is out of range'],
    [['1', 'SOME'], 'ERR CLIENT PAUSE mode must be WRITE or ALL'],
    [['1', 'ALL', 'x'], "ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP."],
  ])('refuses %j', (args, text) => {
    expect(new CommandHarness().run('CLIENT', 'PAUSE', ...args)).toEqual(error(text));
  });
});

describe('CLIENT REPLY', () => {
  it('mutes and unmutes', () => {
    const h = new CommandHarness();
    expect(h.run('CLIENT', 'REPLY', 'OFF')).toBeUndefined();
    expect(h.run('PING')).toBeUndefined();
    expect(h.run('CLIENT', 'REPLY', 'SKIP')).toBeUndefined();
    expect(h.run('CLIENT', 'REPLY', 'ON')).toBe('OK');
    expect(h.run('CLIENT', 'REPLY', 'SKIP')).toBeUndefined();
    expect(h.run('PING')).toBeUndefined();
    expect(h.run('PING')).toBe('PONG');
  });
});

describe('CLIENT REPLY in a transaction', () => {
  it('silences the rest, or the next command', () => {
    const h = new CommandHarness();
    h.run('MULTI');
    for (const words of [['PING'], ['CLIENT', 'REPLY', 'OFF'], ['PING']]) h.run(...words);
    // As in Redis the replies that were announced are fewer.
    expect(h.raw('EXEC').toString()).toBe('*3\r\n+PONG\r\n');
    expect(h.run('PING')).toBeUndefined();
    expect(h.raw('SUBSCRIBE', 'x').toString()).toBe('*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n');
  });
});

describe('client-side caching', () => {
  it('is off at first, and says so', () => {
    const h = new CommandHarness();
    expect(h.run('CLIENT', 'GETREDIR')).toBe(-1);
    h.run('HELLO', '3');
    expect(h.run('CLIENT', 'TRACKINGINFO')).toEqual(
      new Map<string, unknown>([
        ['flags', new Set(['off'])],
        ['redirect', -1],
        ['prefixes', []],
      ]),
    );
    expect(h.run('CLIENT', 'TRACKING', 'OFF')).toBe('OK');
    expect(h.run('CLIENT', 'TRACKING', 'OFF', 'REDIRECT', '99')).toEqual(
      error('ERR The client ID you want redirect to does not exist'),
    );
  });
});
