/** Users from within: what a session pays, what scripts ask, and what the differential tests cannot see. */
import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../base/bytes.ts';
import { Arguments } from '../commands/arguments.ts';
import { CommandHarness, type HarnessClient, type HarnessOptions } from '../commands/commandHarness.ts';

const OK = 'OK';
const said = (value: unknown): string => (value as Error).message;

function harness(options: HarnessOptions = {}): CommandHarness {
  const h = new CommandHarness(options);
  expect(h.shard.loadUsers()).toBeUndefined();
  return h;
}

function loggedIn(h: CommandHarness, user: string): HarnessClient {
  const client = h.connect();
  expect(client.run('AUTH', user, 'x')).toBe(OK);
  return client;
}

const sessionOf = (h: CommandHarness, user: string) =>
  [...h.server.clients.all()].find((client) => client.user.name === user)!;

describe('what a session is checked for', () => {
  it('is nothing while its user may do everything, and follows the user', () => {
    const h = harness();
    h.run('ACL', 'SETUSER', 'u', 'on', 'nopass', '+@all', '~*', '&*');
    loggedIn(h, 'u');
    const session = sessionOf(h, 'u');
    expect(session.isRestricted).toBe(false);
    for (const [rule, restricted] of [
      ['-get', true],
      ['+@all', false],
      ['resetkeys', true],
      ['~*', false],
      ['resetchannels', true],
      ['(+@all ~* &*)', false],
      ['clearselectors', true],
    ] as const) {
      h.run('ACL', 'SETUSER', 'u', rule);
      expect([rule, session.isRestricted]).toEqual([rule, restricted]);
    }
  });

  it.each([{ fastPath: true }, { fastPath: false }])('closes the fast lanes, %j', (options) => {
    const h = harness(options);
    h.run('ACL', 'SETUSER', 'u', 'on', 'nopass', '+get', '+set', '%R~r', '%W~w');
    const client = loggedIn(h, 'u');
    for (let i = 0; i < 3; i++) {
      expect(client.run('SET', 'w', 'x')).toBe(OK);
      expect(said(client.run('SET', 'r', 'x'))).toBe('NOPERM No permissions to access a key');
      expect(said(client.run('GET', 'w'))).toBe('NOPERM No permissions to access a key');
      expect(client.run('GET', 'r')).toBe(null);
    }
    h.run('ACL', 'SETUSER', 'u', '-set');
    expect(said(client.run('SET', 'w', 'x'))).toBe(
      "NOPERM User u has no permissions to run the 'set' command",
    );
    expect(h.server.access.refusals).toEqual({ auth: 0, command: 1, key: 6, channel: 0 });
  });

  it('is its login where the default user has a password', () => {
    const h = harness({ configuration: { requirepass: 'geheim' } });
    expect(said(h.run('GET', 'a'))).toBe('NOAUTH Authentication required.');
    expect(h.run('AUTH', 'geheim')).toBe(OK);
    expect(h.run('GET', 'a')).toBe(null);
    expect(h.run('CONFIG', 'SET', 'requirepass', '')).toBe(OK);
    expect(h.connect().run('GET', 'a')).toBe(null);
  });
});

describe('judging a command for somebody else', () => {
  it('says in which context it was refused', () => {
    const h = harness();
    h.run('ACL', 'SETUSER', 'u', 'on', 'nopass', '+get', '~a');
    loggedIn(h, 'u');
    const session = sessionOf(h, 'u');
    const { access, commands } = h.server;
    const words = (...texts: string[]): Arguments => Arguments.of(texts.map(fromLatin1));
    const get = commands.get('get')!;
    expect(access.refuse(session, get, words('GET', 'a'), 'lua')).toBeUndefined();
    expect(access.permits(session, get, words('GET', 'b'))).toBe(false);
    expect(access.log.entries).toHaveLength(0);
    expect(access.refuse(session, get, words('GET', 'b'), 'lua')).toEqual({
      reason: 'key',
      index: 1,
      text: 'No permissions to access a key',
    });
    expect(access.log.entries).toMatchObject([{ context: 'lua', object: 'b', userName: 'u', count: 1 }]);
  });
});

describe('the log', () => {
  it('joins what repeats within a minute of the last time', () => {
    const h = harness();
    h.run('ACL', 'SETUSER', 'u', 'on', 'nopass', '+get');
    const client = loggedIn(h, 'u');
    const refused = (): void => void client.run('GET', 'a');
    refused();
    h.advance(60_000);
    refused();
    h.advance(60_100);
    refused();
    expect(h.server.access.log.entries).toMatchObject([
      { id: 1, count: 1 },
      { id: 0, count: 2 },
    ]);
    h.advance(1500);
    expect(JSON.stringify(h.run('ACL', 'LOG', '1'))).toContain('"age-seconds","1.5"');
  });
});

describe('users at the start', () => {
  const start = (lines: readonly string[], file?: string): string | undefined => {
    const configuration: Record<string, string> = file === undefined ? {} : { aclfile: 'users.acl' };
    const h = new CommandHarness({ configuration });
    if (file !== undefined) h.files.replaceText('/simulated/users.acl', file);
    expect(h.server.configuration.load(lines.join('\n'), 'x.conf')).toBeUndefined();
    return h.shard.loadUsers();
  };

  it('are refused with the reason', () => {
    expect(start(['user a on +get', 'user b ~x'])).toBeUndefined();
    expect(start(['user a +bogus'])).toBe(
      "Error loading ACL rule '+bogus' for the user named 'a': Unknown command or category name in ACL",
    );
    expect(start(['user a (+get'])).toContain("'(+get'");
    expect(start(['user "a b" on'])).toBe('Spaces not allowed in ACL usernames');
    expect(start(['user a on'], '')).toContain('in an ACL file as well');
    expect(start([], 'user a on\nuser a off')).toContain("Duplicate user 'a' found on line 2");
    expect(start([], 'user a on')).toBeUndefined();
  });

  it('may be declared once', () => {
    const { configuration } = new CommandHarness().server;
    expect(configuration.load('user a on\nuser a off', 'x.conf')).toBe(
      "x.conf:2: Error in user declaration 'a': Duplicate user found. A user can only be defined once in config files",
    );
  });

  it('are not found where the ACL file is not', () => {
    const h = new CommandHarness({ configuration: { aclfile: 'none.acl' } });
    expect(h.shard.loadUsers()).toBe(
      "Error loading ACLs, opening file 'none.acl': No such file or directory",
    );
  });
});
