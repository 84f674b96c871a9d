import { describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness } from '../commandHarness.ts';
import { legacyRange } from './command/legacyRange.ts';

const error = (text: string): ErrorReply => new ErrorReply(text);

describe('COMMAND', () => {
  it('describes a command from its spec', () => {
    const h = new CommandHarness();
    expect(h.run('COMMAND', 'INFO', 'GET', 'nosuch', 'config|get')).toEqual([
      [
        'get',
        2,
        ['readonly', 'fast'],
        1,
        1,
        1,
        ['@read', '@string', '@fast'],
        [],
        [
          [
            'flags',
            ['RO', 'access'],
            'begin_search',
            ['type', 'index', 'spec', ['index', 1]],
            'find_keys',
            ['type', 'range', 'spec', ['lastkey', 0, 'keystep', 1, 'limit', 0]],
          ],
        ],
        [],
      ],
      null,
      [
        'config|get',
        -3,
        ['admin', 'noscript', 'loading', 'stale'],
        0,
        0,
        0,
        ['@admin', '@slow', '@dangerous'],
        [],
        [],
        [],
      ],
    ]);
  });

  it('counts and lists what there is', () => {
    const h = new CommandHarness();
    const all = h.run('COMMAND') as unknown[];
    expect(h.run('COMMAND', 'COUNT')).toBe(all.length);
    expect(h.run('COMMAND', 'INFO')).toEqual(all);
    const names = h.run('COMMAND', 'LIST') as string[];
    expect(names).toContain('client|kill');
    expect(h.run('COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'CONFIG|*T')).toEqual([
      'config|get',
      'config|resetstat',
      'config|set',
    ]);
    const connection = h.run('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'connection') as string[];
    expect(connection).toContain('hello');
    expect(connection).not.toContain('get');
    expect(h.run('COMMAND', 'LIST', 'FILTERBY', 'MODULE', 'x')).toEqual([]);
    expect(h.run('COMMAND', 'LIST', 'FILTERBY', 'x', 'y')).toEqual(error('ERR syntax error'));
  });

  it('documents a command', () => {
    const h = new CommandHarness();
    h.run('HELLO', '3');
    const docs = h.run('COMMAND', 'DOCS', 'lolwut', 'nosuch', 'quit') as Map<string, Map<string, unknown>>;
    expect([...docs.keys()]).toEqual(['lolwut', 'quit']);
    expect([...docs.get('lolwut')!.keys()]).toEqual(['summary', 'since', 'group', 'arguments']);
    expect(docs.get('quit')!.get('doc_flags')).toEqual(new Set(['deprecated']));
    expect(docs.get('lolwut')!.get('arguments')).toEqual([
      new Map<string, unknown>([
        ['name', 'version'],
        ['type', 'integer'],
        ['display_text', 'version'],
        ['token', 'VERSION'],
        ['flags', new Set(['optional'])],
      ]),
    ]);
  });

  it('documents every command without a hole', () => {
    const h = new CommandHarness();
    h.run('HELLO', '3');
    const docs = h.run('COMMAND', 'DOCS') as Map<string, Map<string, unknown>>;
    for (const [name, doc] of docs) {
      expect([name, typeof doc.get('summary'), typeof doc.get('since')]).toEqual([name, 'string', 'string']);
    }
  });
});

describe('COMMAND GETKEYS', () => {
  it.each<[string, string[] | string]>([
    ['get a', ['a']],
    ['mset a 1 b 2', ['a', 'b']],
    ['mget a b c', ['a', 'b', 'c']],
    ['rename a b', ['a', 'b']],
    ['memory usage k', ['k']],
    ['ping', 'ERR The command has no key arguments'],
    ['nosuch a', 'ERR Invalid command specified'],
    ['config nosuch', 'ERR Invalid command specified'],
    ['get', 'ERR Invalid number of arguments specified for command'],
  ])('%s', (command, expected) => {
    const reply = new CommandHarness().run('COMMAND', 'GETKEYS', ...command.split(' '));
    expect(reply).toEqual(typeof expected === 'string' ? error(expected) : expected);
  });

  it('tells what happens to each key', () => {
    const h = new CommandHarness();
    expect(h.run('COMMAND', 'GETKEYSANDFLAGS', 'SET', 'k', 'v')).toEqual([['k', ['OW', 'update']]]);
    expect(h.run('COMMAND', 'GETKEYSANDFLAGS', 'SET', 'k', 'v', 'GET')).toEqual([
      ['k', ['RW', 'access', 'update']],
    ]);
    expect(h.run('COMMAND', 'GETKEYSANDFLAGS', 'SORT', 'a', 'STORE', 'b')).toEqual([
      ['a', ['RO', 'access']],
      ['b', ['OW', 'update']],
    ]);
  });
});

describe('legacyRange', () => {
  it('joins consecutive ranges and flags what it cannot tell', () => {
    const range = (index: number, lastKey: number, keyStep = 1) => ({
      flags: [],
      beginSearch: { type: 'index' as const, index },
      findKeys: { type: 'range' as const, lastKey, keyStep, limit: 0 },
    });
    expect(legacyRange([])).toEqual({ first: 0, last: 0, step: 0, movable: false });
    expect(legacyRange([range(1, -1, 2)])).toEqual({ first: 1, last: -1, step: 2, movable: false });
    expect(legacyRange([range(1, 0), range(2, 0)])).toEqual({ first: 1, last: 2, step: 1, movable: false });
    expect(legacyRange([range(1, 0), range(2, -1)])).toEqual({ first: 1, last: -1, step: 1, movable: false });
    expect(legacyRange([range(1, 0), range(4, 0)])).toEqual({ first: 1, last: 1, step: 1, movable: true });
    const counted = {
      ...range(1, 0),
      findKeys: { type: 'keynum' as const, keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    };
    expect(legacyRange([counted])).toEqual({ first: 0, last: 0, step: 0, movable: true });
  });
});

describe('HELP', () => {
  it.each(['CLIENT', 'COMMAND', 'CONFIG', 'MEMORY', 'SLOWLOG', 'LATENCY', 'MODULE', 'ACL', 'DEBUG'])(
    'of %s names every subcommand',
    (name) => {
      const h = new CommandHarness({ configuration: { 'enable-debug-command': 'yes' } });
      const lines = h.run(name, 'HELP') as string[];
      expect(lines[0]).toBe(`${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
      expect(lines.slice(-2)).toEqual(['HELP', '    Print this help.']);
      const text = lines.join('\n').toLowerCase();
      const subcommands = h.server.commands.get(name.toLowerCase())!.subcommands;
      for (const subcommand of subcommands?.keys() ?? [])
        expect(text).toMatch(new RegExp(`^${subcommand}\\b`, 'm'));
    },
  );
});

describe('ACL', () => {
  it('knows the default user and the categories', () => {
    const h = new CommandHarness();
    expect(h.run('ACL', 'WHOAMI')).toBe('default');
    expect(h.run('ACL', 'USERS')).toEqual(['default']);
    expect(h.run('ACL', 'LIST')).toEqual(['user default on nopass sanitize-payload ~* &* +@all']);
    h.run('CONFIG', 'SET', 'requirepass', 'foo');
    const sha256 = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
    expect(h.run('ACL', 'LIST')).toEqual([`user default on sanitize-payload #${sha256} ~* &* +@all`]);
    expect(h.run('ACL', 'CAT')).toHaveLength(21);
    expect(h.run('ACL', 'CAT', 'dangerous')).toContain('config|set');
    expect(h.run('ACL', 'CAT', 'x')).toEqual(error("ERR Unknown category 'x'"));
    expect(h.run('ACL', 'GENPASS')).toMatch(/^[0-9a-f]{64}$/);
    expect(h.run('ACL', 'GENPASS', '5')).toMatch(/^[0-9a-f]{2}$/);
  });
});
