import { describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness, type HarnessOptions } from '../commandHarness.ts';

const error = (text: string): ErrorReply => new ErrorReply(text);
const open = (options: HarnessOptions = {}): CommandHarness =>
  new CommandHarness({ ...options, configuration: { 'enable-debug-command': 'yes' } });

describe('DEBUG', () => {
  it('is refused unless enabled, for everybody or for this machine', () => {
    const refusal = /^ERR DEBUG command not allowed\. If the enable-debug-command option is set to "local"/;
    expect((new CommandHarness().run('DEBUG', 'SLEEP', '0') as ErrorReply).message).toMatch(refusal);
    const local = new CommandHarness({ configuration: { 'enable-debug-command': 'local' } });
    expect(local.run('DEBUG', 'SLEEP', '0')).toBe('OK');
    (local.client.socket as { remoteAddress: string }).remoteAddress = '10.0.0.1:50000';
    expect((local.run('DEBUG', 'SLEEP', '0') as ErrorReply).message).toMatch(refusal);
  });

  it('blocks for the time given', () => {
    const h = open();
    const before = h.clock.nowMs();
    expect(h.run('DEBUG', 'SLEEP', '0.25')).toBe('OK');
    expect(h.clock.nowMs() - before).toBe(250);
  });

  it('answers wrong subcommands as Redis does', () => {
    const h = open();
    const text = "ERR unknown subcommand or wrong number of arguments for 'SLEEP'. Try DEBUG HELP.";
    expect(h.run('DEBUG', 'SLEEP')).toEqual(error(text));
    expect(h.run('DEBUG', 'ERROR', 'MY own\r\nerror')).toEqual(error('MY own  error'));
    expect(h.run('DEBUG', 'LOG', 'hello')).toBe('OK');
    expect(h.logLines.at(-1)).toBe('DEBUG LOG: hello');
  });

  it('switches active expiry', () => {
    const h = open();
    h.run('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    h.run('SET', 'k', 'v', 'PX', '10');
    h.advance(1000);
    expect(h.server.databases[0]!.keyspace.count).toBe(1);
    h.run('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
    h.advance(1000);
    expect(h.server.databases[0]!.keyspace.count).toBe(0);
  });

  it('populates without touching what is there', () => {
    const h = open();
    h.run('SET', 'key:1', 'mine');
    expect(h.run('DEBUG', 'POPULATE', '3')).toBe('OK');
    expect(h.run('MGET', 'key:0', 'key:1', 'key:2', 'key:3')).toEqual(['value:0', 'mine', 'value:2', null]);
    h.run('DEBUG', 'POPULATE', '1', 'p', '3');
    h.run('DEBUG', 'POPULATE', '1', 'q', '9');
    expect(h.run('MGET', 'p:0', 'q:0')).toEqual(['val', 'value:0\0\0']);
    expect(h.run('DEBUG', 'POPULATE', '-1')).toEqual(error('ERR value is out of range, must be positive'));
  });

  it('matches globs and describes objects', () => {
    const h = open();
    expect(h.run('DEBUG', 'STRINGMATCH-LEN', 'aaab', 'a*b')).toBe(1);
    expect(h.run('DEBUG', 'STRINGMATCH-LEN', 'aaa', 'a*b')).toBe(0);
    h.run('SET', 'k', '12345');
    expect(h.run('DEBUG', 'OBJECT', 'k')).toMatch(
      /^Value at:0x[0-9a-f]+ refcount:1 encoding:int serializedlength:3 lru:\d+ lru_seconds_idle:0$/,
    );
    expect(h.run('DEBUG', 'OBJECT', 'none')).toEqual(error('ERR no such key'));
  });

  it('RELOAD keeps what there is, and nothing on options it does not know', () => {
    const h = open();
    h.run('SET', 'k', 'v');
    expect(h.run('DEBUG', 'RELOAD')).toBe('OK');
    expect(h.run('DEBUG', 'RELOAD', 'x')).toEqual(
      error('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.'),
    );
    expect(h.run('GET', 'k')).toBe('v');
  });
});

describe('DEBUG DIGEST', () => {
  // The digests below are those of Redis 7.4.1 for the same commands.
  it.each([true, false])('agrees with Redis (arena: %s)', (arena) => {
    const h = open({ arena });
    expect(h.run('DEBUG', 'DIGEST')).toBe('0'.repeat(40));
    h.run('SET', 'k', '123');
    h.run('SET', 'k2', 'hello', 'EX', '1000');
    h.run('HSET', 'h', 'a', '1', 'b', '2', 'c', '3');
    expect(h.run('DEBUG', 'DIGEST-VALUE', 'k2', 'k', 'nosuch', 'h')).toEqual([
      'd037c4eb8a8b36b602fbced4000daeab0714c1e3',
      '89f7f51b707418f666d5b45e053bd5bbbf82ac2b',
      '0'.repeat(40),
      'b60c36e529712296d694f27b5914cbe84950995e',
    ]);
    h.run('HEXPIRE', 'h', '1000', 'FIELDS', '1', 'a');
    expect(h.run('DEBUG', 'DIGEST-VALUE', 'h')).toEqual(['1afea367beb1670bcd708789cb07a48435bd836c']);
  });

  it('agrees with Redis on a whole database', () => {
    const h = open();
    h.run('DEBUG', 'POPULATE', '5');
    expect(h.run('DEBUG', 'DIGEST')).toBe('3dcf585977786a6d2413f8f05c161ea425b44de4');
    h.run('DEBUG', 'POPULATE', '5', 'foo', '3');
    h.run('DEBUG', 'POPULATE', '5', 'bar', '20');
    expect(h.run('DEBUG', 'DIGEST')).toBe('a4659c4a5d2e1b04d30ea46a1db310cadf8606c1');
  });

  it('does not depend on the order of fields or keys, but on the database', () => {
    const one = open();
    const two = open({ seed: 7 });
    for (let i = 0; i < 500; i++) one.run('HSET', 'h', `f${i}`, `v${i}`);
    for (let i = 499; i >= 0; i--) two.run('HSET', 'h', `f${i}`, `v${i}`);
    one.run('SET', 'a', '1');
    two.run('SET', 'a', '1');
    expect(one.run('DEBUG', 'DIGEST')).toBe(two.run('DEBUG', 'DIGEST'));
    two.run('MOVE', 'a', '1');
    expect(one.run('DEBUG', 'DIGEST')).not.toBe(two.run('DEBUG', 'DIGEST'));
  });
});

describe('DEBUG PROTOCOL', () => {
  it.each([
    ['double', '$5\r\n3.141\r\n', ',3.141\r\n'],
    ['null', '$-1\r\n', '_\r\n'],
    ['map', '*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n', '%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n'],
    ['set', '*3\r\n:0\r\n:1\r\n:2\r\n', '~3\r\n:0\r\n:1\r\n:2\r\n'],
    ['true', ':1\r\n', '#t\r\n'],
    ['verbatim', '$25\r\nThis is a verbatim\nstring\r\n', '=29\r\ntxt:This is a verbatim\nstring\r\n'],
  ])('shows a %s in both versions', (type, resp2, resp3) => {
    const h = open();
    expect(h.raw('DEBUG', 'PROTOCOL', type).toString()).toBe(resp2);
    h.run('HELLO', '3');
    expect(h.raw('DEBUG', 'PROTOCOL', type).toString()).toBe(resp3);
  });
});
