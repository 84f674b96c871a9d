import { describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness } from '../commandHarness.ts';

const error = (text: string): ErrorReply => new ErrorReply(text);
const WRONG = error('WRONGPASS invalid username-password pair or user is disabled.');

describe('PING, ECHO, SELECT, QUIT', () => {
  it('answers', () => {
    const h = new CommandHarness();
    expect(h.raw('PING').toString()).toBe('+PONG\r\n');
    expect(h.raw('PING', 'a b').toString()).toBe('$3\r\na b\r\n');
    expect(h.run('PING', 'a', 'b')).toEqual(error("ERR wrong number of arguments for 'ping' command"));
    expect(h.raw('ECHO', '').toString()).toBe('$0\r\n\r\n');
  });

  it('selects among the databases there are', () => {
    const h = new CommandHarness();
    h.run('SET', 'k', 'zero');
    expect(h.run('SELECT', '15')).toBe('OK');
    expect(h.run('GET', 'k')).toBeNull();
    expect(h.run('SELECT', '16')).toEqual(error('ERR DB index is out of range'));
    expect(h.run('SELECT', '-1')).toEqual(error('ERR DB index is out of range'));
    expect(h.run('SELECT', 'x')).toEqual(error('ERR value is not an integer or out of range'));
    const beyondInt = 'ERR value is out of range, value must between -2147483648 and 2147483647';
    expect(h.run('SELECT', '99999999999')).toEqual(error(beyondInt));
    h.run('SELECT', '0');
    expect(h.run('GET', 'k')).toBe('zero');
  });

  it('says goodbye before it closes', () => {
    const h = new CommandHarness();
    expect(h.raw('QUIT').toString()).toBe('+OK\r\n');
    expect(h.client.socket.ended).toBe(true);
  });
});

describe('authentication', () => {
  const locked = (): CommandHarness => new CommandHarness({ configuration: { requirepass: 'secret' } });

  it('lets nobody in without the password', () => {
    const h = locked();
    expect(h.run('PING')).toEqual(error('NOAUTH Authentication required.'));
    expect(h.run('AUTH', 'secre')).toEqual(WRONG);
    expect(h.run('AUTH', 'secret2')).toEqual(WRONG);
    expect(h.run('AUTH', '')).toEqual(WRONG);
    expect(h.run('AUTH', 'root', 'secret')).toEqual(WRONG);
    expect(h.run('AUTH', 'a', 'b', 'c')).toEqual(error('ERR syntax error'));
    expect(h.run('PING')).toEqual(error('NOAUTH Authentication required.'));
    expect(h.run('AUTH', 'default', 'secret')).toBe('OK');
    expect(h.run('PING')).toBe('PONG');
    // A failed attempt does not take back what was granted.
    expect(h.run('AUTH', 'nope')).toEqual(WRONG);
    expect(h.run('PING')).toBe('PONG');
  });

  it('says when there is no password to give', () => {
    const h = new CommandHarness();
    expect((h.run('AUTH', 'x') as ErrorReply).message).toMatch(
      /^ERR AUTH <password> called without any password configured/,
    );
    expect(h.run('AUTH', 'default', 'anything')).toBe('OK');
    expect(h.run('AUTH', 'nobody', 'anything')).toEqual(WRONG);
  });

  it('compares bytes, not text', () => {
    const h = new CommandHarness();
    h.run('CONFIG', 'SET', 'requirepass', '\xff\xfe');
    const other = h.connect();
    expect(other.run('AUTH', '??')).toEqual(WRONG);
    expect(other.run('AUTH', '\xff\xfe')).toBe('OK');
  });

  it('HELLO authenticates, and refuses the rest before it does', () => {
    const h = locked();
    expect((h.run('HELLO', '3') as ErrorReply).message).toMatch(
      /^NOAUTH HELLO must be called with the client already authenticated/,
    );
    expect(h.run('HELLO', '3', 'AUTH', 'default', 'wrong', 'SETNAME', 'me')).toEqual(WRONG);
    const reply = h.run('HELLO', '3', 'AUTH', 'default', 'secret', 'SETNAME', 'me') as Map<string, unknown>;
    expect(reply.get('proto')).toBe(3);
    expect(h.run('CLIENT', 'GETNAME')).toBe('me');
  });
});

describe('HELLO', () => {
  it('describes the server in the version asked for', () => {
    const h = new CommandHarness();
    const raw = h.raw('HELLO', '3').toString();
    expect(raw).toMatch(/^%7\r\n\$6\r\nserver\r\n\$5\r\nredis\r\n\$7\r\nversion\r\n\$5\r\n7\.4\.1\r\n/);
    expect(h.raw('GET', 'nothing').toString()).toBe('_\r\n');
    expect(h.raw('HELLO').toString()).toMatch(/^%7\r\n/);
    expect(h.raw('HELLO', '2').toString()).toMatch(/^\*14\r\n/);
    expect(h.raw('GET', 'nothing').toString()).toBe('$-1\r\n');
  });

  it.each([
    [['4'], 'NOPROTO unsupported protocol version'],
    [['x'], 'ERR Protocol version is not an integer or out of range'],
    [['3', 'AUTH', 'default'], "ERR Syntax error in HELLO option 'AUTH'"],
    [['3', 'bogus'], "ERR Syntax error in HELLO option 'bogus'"],
    [['3', 'SETNAME', 'a b'], 'ERR Client names cannot contain spaces, newlines or special characters.'],
  ])('refuses HELLO %j', (args, text) => {
    const h = new CommandHarness();
    expect(h.run('HELLO', ...args)).toEqual(error(text));
    expect(h.raw('GET', 'nothing').toString()).toBe('$-1\r\n');
  });
});

describe('RESET', () => {
  it('forgets all but the library', () => {
    const h = new CommandHarness();
    h.run('HELLO', '3', 'SETNAME', 'me');
    h.run('SELECT', '3');
    h.run('CLIENT', 'NO-TOUCH', 'ON');
    h.run('CLIENT', 'SETINFO', 'LIB-NAME', 'lib');
    expect(h.raw('RESET').toString()).toBe('+RESET\r\n');
    const line = h.run('CLIENT', 'INFO') as string;
    expect(line).toContain(' name= ');
    expect(line).toContain(' db=0 ');
    expect(line).toContain(' flags=N ');
    expect(line).toContain(' resp=2 ');
    expect(line).toContain(' lib-name=lib ');
  });

  it('asks for the password again', () => {
    const h = new CommandHarness({ configuration: { requirepass: 'p' } });
    h.run('AUTH', 'p');
    h.run('RESET');
    expect(h.run('PING')).toEqual(error('NOAUTH Authentication required.'));
  });
});
