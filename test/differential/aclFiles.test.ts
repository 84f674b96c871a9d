/**
 * Users that come from files: lines of the configuration, the ACL file, and what CONFIG REWRITE and ACL SAVE write. Redis 7.4 and ours begin
 * with the same files and must end with the same, and say the same of files with mistakes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Wire, withWire } from '../integration/wire.ts';
import { findTool, type RunningServer, startEvenkeel, startRedis } from '../requirements.ts';
import { isAtLeast } from './versionGates.ts';

const redis = findTool('redis-server');
const recent = isAtLeast(redis, '7.4.0');
const NAME = recent ? 'users in files' : 'users in files [needs redis-server 7.4]';

const USERS = [
  'user alice on >wonder ~a* &news +@all -@dangerous',
  'user bob off (+get ~x) (%R~y +@read) resetchannels',
  'user carol on nopass +select|0 allkeys allchannels',
];

const line = (user: string): string => `user ${user.replace(' ', ' on nopass +@all ~* resetchannels ')}\n`;

describe.skipIf(!recent)(NAME, () => {
  const root = mkdtempSync(join(tmpdir(), 'evenkeel-acl-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const running: RunningServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });

  /** Each server has files of its own, under names that are alike. */
  const both = async (
    files: Readonly<Record<string, string>>,
    options: readonly string[],
    use: (wire: Wire, folder: string, port: number) => Promise<unknown>,
    shards = 1,
  ): Promise<void> => {
    const outcomes: unknown[] = [];
    for (const kind of ['ours', 'theirs']) {
      const folder = mkdtempSync(join(root, `${kind}-`));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const config = join(folder, 'server.conf');
      const server =
        kind === 'ours'
          ? await startEvenkeel({ shards, arguments: ['--config', config, '--dir', folder, ...options] })
          : await startRedis(redis!, ['--dir', folder, ...options], config);
      running.push(server);
      outcomes.push(await withWire(server.port, (wire) => use(wire, folder, server.port)));
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
  };

  const userLines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('user '));

  it.each([1, 2])('begins with those of the configuration, and rewrites them, --shards %i', (shards) =>
    both(
      { 'server.conf': `${USERS.join('\n')}\n` },
      [],
      async (wire, folder) => {
        const listed = await wire.ask('ACL', 'LIST');
        const changed = await wire.ask('ACL', 'SETUSER', 'dora', 'on', '>x', '~k', '+@string');
        const deleted = await wire.ask('ACL', 'DELUSER', 'bob');
        const rewritten = await wire.ask('CONFIG', 'REWRITE');
        const lines = userLines(readFileSync(join(folder, 'server.conf'), 'utf8'));
        expect(lines).toHaveLength(4);
        return [listed, changed, deleted, rewritten, lines];
      },
      shards,
    ),
  );

  it('knows the default user of the configuration', () =>
    both({ 'server.conf': 'user default on nopass ~* +@all -flushdb\n' }, [], async (wire) => [
      await wire.ask('ACL', 'LIST'),
      await wire.ask('FLUSHDB'),
      await wire.ask('PUBLISH', 'a', 'b'),
      await wire.ask('ACL', 'LOG', 'RESET'),
    ]));

  it.each([1, 2])('loads and saves an ACL file, --shards %i', (shards) =>
    both(
      { 'server.conf': '', 'users.acl': `${USERS.join('\n')}\n\n` },
      ['--aclfile', 'users.acl'],
      async (wire, folder, port) => {
        const path = join(folder, 'users.acl');
        const other = await Wire.open(port);
        const replies = [
          await wire.ask('ACL', 'LIST'),
          await other.ask('AUTH', 'carol', 'x'),
          await wire.ask('ACL', 'SETUSER', 'alice', '+flushall'),
          await wire.ask('ACL', 'SAVE'),
          readFileSync(path, 'latin1'),
        ];
        writeFileSync(path, 'user eve on nopass +@all\r\n  user default on >pw +@all ~* &*  \n');
        replies.push(await wire.ask('ACL', 'LOAD'), await wire.ask('ACL', 'LIST'));
        replies.push(await wire.ask('CONFIG', 'REWRITE'));
        replies.push(...userLines(readFileSync(join(folder, 'server.conf'), 'utf8')));
        // Carol is gone, and her connection.
        const isGone = await other.ask('PING').then(
          () => false,
          () => true,
        );
        other.close();
        return [...replies, isGone];
      },
      shards,
    ),
  );

  it.each([1, 2])('ends by ACL LOAD the connections that must end, and no others, --shards %i', (shards) =>
    both(
      {
        'server.conf': '',
        'users.acl': ['lost &a', 'kept &a', 'gone &a', 'moved &*'].map((user) => line(user)).join(''),
      },
      ['--aclfile', 'users.acl'],
      async (wire, folder, port) => {
        const sessions: Wire[] = [];
        for (const [user, channel] of Object.entries({
          lost: 'a',
          kept: 'a',
          gone: '',
          moved: 'b',
          default: 'b',
        })) {
          const session = await Wire.open(port);
          sessions.push(session);
          if (user !== 'default') expect(await session.ask('AUTH', user, 'x')).toBe('+OK\r\n');
          if (channel !== '') await session.ask('SUBSCRIBE', channel);
        }
        writeFileSync(
          join(folder, 'users.acl'),
          ['lost &b', 'kept &a', 'moved &b*'].map((user) => line(user)).join(''),
        );
        const replies = [await wire.ask('ACL', 'LOAD'), await wire.ask('PING')];
        for (const session of sessions) {
          replies.push(await session.ask('PING').catch(() => 'closed'));
          session.close();
        }
        expect(replies.filter((reply) => reply === 'closed')).toHaveLength(2);
        return replies;
      },
      shards,
    ),
  );

  it('says what is wrong with an ACL file, and changes nothing', () =>
    both({ 'server.conf': '', 'users.acl': '' }, ['--aclfile', 'users.acl'], async (wire, folder) => {
      const replies: string[] = [];
      for (const text of [
        'nonsense',
        'user',
        'user  on',
        'USER alice on',
        '# comment',
        'user alice on +bogus\nuser bob on ~x &y z\nuser carol +@none +@all #12',
        'user alice on\nuser bob off\nuser alice off',
        'user default on nopass +@all\nuser default off',
        'user ali\tce on',
        // A rule before the parenthesis, and Redis 7.4.1 dies of it.
        'user alice (+get ~x',
        'user alice on (+get ~x)) +set',
        'user alice  on   nopass\t',
        'user "a" on',
        'user alice on !abc bogus\n\nuser bob <x',
      ]) {
        writeFileSync(join(folder, 'users.acl'), text);
        replies.push(text, await wire.ask('ACL', 'LOAD'), await wire.ask('ACL', 'LIST'));
      }
      rmSync(join(folder, 'users.acl'));
      replies.push(await wire.ask('ACL', 'LOAD'));
      return replies;
    }));

  it('asks again whether what waited is still allowed', () =>
    both({ 'server.conf': '' }, [], async (wire, _, port) => {
      const other = await Wire.open(port);
      const replies = [
        await wire.ask('ACL', 'SETUSER', 'u', 'on', 'nopass', '+@all', '~list*'),
        await other.ask('AUTH', 'u', 'x'),
      ];
      other.send('BLPOP', 'list1', '0');
      replies.push(await wire.ask('ACL', 'SETUSER', 'u', 'resetkeys'));
      while (!(await wire.ask('CLIENT', 'LIST')).includes('flags=b')) await wire.ask('PING');
      replies.push(
        await wire.ask('RPUSH', 'list1', 'x'),
        await other.reply(),
        await wire.ask('LLEN', 'list1'),
      );
      other.close();
      return replies;
    }));

  it('hides passwords from the slow log', () =>
    both({ 'server.conf': '' }, [], async (wire) => {
      await wire.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '0');
      await wire.ask('ACL', 'SETUSER', 'u', 'on', '>secret');
      await wire.ask('ACL', 'GETUSER', 'u');
      await wire.ask('ACL', 'DELUSER', 'u', 'v');
      await wire.ask('HELLO', '2', 'SETNAME', 'n', 'AUTH', 'default', 'secret');
      const log = await wire.ask('SLOWLOG', 'GET', '10');
      expect(log).toContain('(redacted)');
      expect(log).not.toContain('secret');
      return [...log.matchAll(/\r\n\*\d+\r\n(\$3\r\nACL|\$5\r\nHELLO)(?:\r\n\$\d+\r\n[^\r]*)*/g)].map(
        ([entry]) => entry.replace(/\r\n\$\d+\r\n127.*/s, ''),
      );
    }));
});
