import { describe, expect, it } from 'vitest';
import { CommandHarness, encodeRequest } from '../commands/commandHarness.ts';
import { StorageFullError } from '../keyspace/record/slabStore.ts';
import { ErrorReply } from './respReader.ts';

const requests = Buffer.concat([
  encodeRequest(['SET', 'key', 'value']),
  encodeRequest(['GET', 'key']),
  Buffer.from('PING\r\n'),
  Buffer.from('  SET "a\\x41 b" \'c d\'  \r\n'),
  encodeRequest(['get', 'aA b']),
  Buffer.from('\r\n*0\r\n*-1\r\n'),
  encodeRequest(['ECHO', 'x'.repeat(9000)]),
  encodeRequest(['GET', 'missing']),
  encodeRequest(['nonsense', 'a']),
]);

describe.each([
  { fastPath: true, reusedReplies: true, arena: true },
  { fastPath: false, reusedReplies: true, arena: true },
  { fastPath: true, reusedReplies: false, arena: false },
  { fastPath: false, reusedReplies: false, arena: false },
])('request reader %o', (options) => {
  const whole = new CommandHarness(options).client.send(requests).toString('latin1');

  it('answers a pipeline in order', () => {
    expect(whole.startsWith('+OK\r\n$5\r\nvalue\r\n+PONG\r\n+OK\r\n$3\r\nc d\r\n$9000\r\n')).toBe(true);
    expect(whole.endsWith("$-1\r\n-ERR unknown command 'nonsense', with args beginning with: 'a' \r\n")).toBe(
      true,
    );
  });

  it.each([1, 2, 3, 5, 7, 11, 13, 100, 1000])(
    'gives the same bytes when requests arrive in pieces of %i',
    (pieceBytes) => {
      expect(new CommandHarness(options).client.send(requests, pieceBytes).toString('latin1')).toBe(whole);
    },
  );

  it.each([
    ['*1\r\n$x\r\n', 'invalid bulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$536870913\r\n', 'invalid bulk length'],
    ['*x\r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    ['*1\r\nfoo\r\n', "expected '$', got 'f'"],
    ['SET "unbalanced\r\n', 'unbalanced quotes in request'],
    ["SET 'a'b\r\n", 'unbalanced quotes in request'],
  ])('refuses %j and closes', (bytes, reason) => {
    const harness = new CommandHarness(options);
    expect(harness.client.send(Buffer.from(bytes)).toString()).toBe(`-ERR Protocol error: ${reason}\r\n`);
    expect(harness.client.socket.ended).toBe(true);
  });

  it('says so and closes when there is no room to store a value', () => {
    const harness = new CommandHarness(options);
    // Of many calls some are timed, and take the general way.
    for (let i = 0; i < 3; i++) harness.run('SET', 'key', 'value');
    harness.server.databases[0]!.keyspace.putString = () => {
      throw new StorageFullError('record storage is full');
    };
    const sent = Buffer.concat([
      encodeRequest(['PING']),
      encodeRequest(['SET', 'key', 'value']),
      encodeRequest(['PING']),
    ]);
    expect(harness.client.send(sent).toString()).toBe(
      '+PONG\r\n-OOM not enough memory to run this command\r\n',
    );
    expect(harness.client.socket.ended).toBe(true);
  });

  it('refuses an inline request beyond 64 KB and a length line beyond it', () => {
    const inline = new CommandHarness(options);
    expect(inline.client.send(Buffer.alloc(70000, 'a')).toString()).toBe(
      '-ERR Protocol error: too big inline request\r\n',
    );
    const count = new CommandHarness(options);
    expect(count.client.send(Buffer.from(`*${'1'.repeat(70000)}`)).toString()).toContain(
      'too big mbulk count string',
    );
  });

  it('limits arguments and bulks before authentication', () => {
    const harness = new CommandHarness({ ...options, configuration: { requirepass: 'secret' } });
    expect(harness.client.send(Buffer.from('*11\r\n')).toString()).toBe(
      '-ERR Protocol error: unauthenticated multibulk length\r\n',
    );
    const bulk = new CommandHarness({ ...options, configuration: { requirepass: 'secret' } });
    expect(bulk.client.send(Buffer.from('*2\r\n$3\r\nGET\r\n$16385\r\n')).toString()).toBe(
      '-ERR Protocol error: unauthenticated bulk length\r\n',
    );
    const denied = new CommandHarness({ ...options, configuration: { requirepass: 'secret' } });
    expect(denied.run('GET', 'k')).toEqual(new ErrorReply('NOAUTH Authentication required.'));
  });

  it('closes on HTTP without a word', () => {
    for (const line of ['POST / HTTP/1.1\r\n', 'Host: example\r\n']) {
      const harness = new CommandHarness(options);
      expect(harness.client.send(Buffer.from(`${line}SET k v\r\n`)).length).toBe(0);
      expect(harness.client.socket.ended).toBe(true);
      expect(harness.connect().run('EXISTS', 'k')).toBe(0);
    }
  });

  it('reserves nothing for lengths that were only promised', () => {
    const harness = new CommandHarness(options);
    harness.client.send(Buffer.from('*1000000\r\n$500000000\r\nabc'));
    const [client] = [...harness.server.clients.all()].slice(-1);
    expect(client!.link.queryBufferCapacityBytes()).toBeLessThan(100_000);
  });
});
