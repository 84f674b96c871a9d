import { describe, expect, it } from 'vitest';
import { Configuration } from './configuration.ts';

const make = (): Configuration =>
  new Configuration({
    directory: '/start',
    checkDirectory: (path) =>
      path.startsWith('/no') ? { error: 'No such file or directory' } : { text: path },
  });

const failure = (name: string, reason: string): string =>
  `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;

describe('values', () => {
  it('starts with the defaults of Redis', () => {
    const configuration = make();
    expect(configuration.text('maxmemory')).toBe('0');
    expect(configuration.number('proto-max-bulk-len')).toBe(512 * 1024 * 1024);
    expect(configuration.flag('protected-mode')).toBe(true);
    expect(configuration.text('save')).toBe('3600 1 300 100 60 10000');
    expect(configuration.text('dir')).toBe('/start');
    expect(configuration.number('hash-max-ziplist-entries')).toBe(512);
  });

  it('throws for a name that does not exist: a mistake in the program', () => {
    expect(() => make().text('maxmemry')).toThrow(RangeError);
    expect(() => make().onChange('nonsense', () => undefined)).toThrow(RangeError);
  });

  it.each([
    ['maxmemory', '100mb', '104857600'],
    ['maxmemory', '2K', '2000'],
    ['maxmemory', '1Gb', '1073741824'],
    ['maxmemory', '18446744073709551616', '18446744073709551615'],
    ['maxmemory', 'kb', '0'],
    ['maxmemory-clients', '25%', '25%'],
    ['hz', '100000', '500'],
    ['hz', '0', '1'],
    ['repl-backlog-size', '1', '16384'],
    ['appendonly', 'YES', 'yes'],
    ['maxmemory-policy', 'AllKeys-LFU', 'allkeys-lfu'],
    ['oom-score-adj', 'relative', 'yes'],
    ['save', '60 ', '60 0'],
    ['save', '', ''],
    ['latency-tracking-info-percentiles', '1e1 5. .5', '10 5 0.5'],
    ['notify-keyspace-events', 'Kg$lshzxetd', 'AK'],
    ['notify-keyspace-events', 'AKn', 'AnK'],
    [
      'client-output-buffer-limit',
      'replica 1k 2kb 3',
      'normal 0 0 0 slave 1000 2048 3 pubsub 33554432 8388608 60',
    ],
    ['shutdown-on-sigterm', 'force now force', 'now force'],
  ])('CONFIG SET %s "%s" holds "%s"', (name, value, held) => {
    const configuration = make();
    const refusal = configuration.set(name, value);
    expect(refusal).toBeUndefined();
    expect(configuration.text(name)).toBe(held);
  });

  it.each([
    ['maxmemory', '-1', 'argument must be a memory value'],
    ['maxmemory', '1.5gb', 'argument must be a memory value'],
    ['maxmemory-clients', '101%', 'percentage argument must be less or equal to 100'],
    ['maxmemory-clients', 'x', 'argument must be a memory or percent value'],
    ['timeout', '99999999999', 'argument must be between 0 and 2147483647 inclusive'],
    ['timeout', '010', "argument couldn't be parsed into an integer"],
    ['proto-max-bulk-len', '1000', 'argument must be between 1048576 and 9223372036854775807 inclusive'],
    ['protected-mode', 'on', "argument must be 'yes' or 'no'"],
    [
      'loglevel',
      'loud',
      'argument(s) must be one of the following: debug, verbose, notice, warning, nothing',
    ],
    ['save', '60', 'Invalid save parameters'],
    ['save', '0 1', 'Invalid save parameters'],
    ['client-output-buffer-limit', 'normal 1 2', 'Wrong number of arguments in buffer limit configuration.'],
    [
      'client-output-buffer-limit',
      'master 1 2 3',
      'Invalid client class specified in buffer limit configuration.',
    ],
    ['notify-keyspace-events', 'Q', "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."],
    ['dbfilename', 'a/b', "dbfilename can't be a path, just a filename"],
    ['dir', '/nowhere', 'No such file or directory'],
    ['databases', '3', "can't set immutable config"],
    ['port', '7000', 'Unable to listen on this port. Check server logs.'],
  ])('CONFIG SET %s "%s" is refused', (name, value, reason) => {
    const configuration = make();
    const before = configuration.text(name);
    expect(configuration.set(name, value)).toBe(failure(name, reason));
    expect(configuration.text(name)).toBe(before);
  });

  it('names an unknown parameter as the client wrote it', () => {
    expect(make().set('FooBar', '1')).toBe(
      "ERR Unknown option or number of arguments for CONFIG SET - 'FooBar'",
    );
  });
});

describe('setAll', () => {
  it('changes all or nothing', () => {
    const configuration = make();
    const refusal = configuration.setAll(
      [
        ['maxmemory', '1gb'],
        ['hz', 'x'],
      ],
      true,
    );
    expect(refusal).toBe(failure('hz', "argument couldn't be parsed into an integer"));
    expect(configuration.text('maxmemory')).toBe('0');
  });

  it('guards protected parameters and repeated ones', () => {
    const configuration = make();
    expect(configuration.setAll([['DIR', '/tmp']], false)).toBe(failure('DIR', "can't set protected config"));
    expect(configuration.setAll([['dir', '/tmp']], true)).toBeUndefined();
    expect(
      configuration.setAll(
        [
          ['hz', '1'],
          ['HZ', '2'],
        ],
        true,
      ),
    ).toBe(failure('HZ', 'duplicate parameter'));
    // Redis takes a name and its alias for two.
    expect(
      configuration.setAll(
        [
          ['replica-priority', '1'],
          ['slave-priority', '2'],
        ],
        true,
      ),
    ).toBeUndefined();
    expect(configuration.text('replica-priority')).toBe('2');
    expect(configuration.set('SLAVE-priority', 'x')).toBe(
      failure('slave-priority', "argument couldn't be parsed into an integer"),
    );
  });

  it('tells listeners once, after all values stand, and only of real changes', () => {
    const configuration = make();
    const seen: string[] = [];
    const listener = (current: Configuration): void => {
      seen.push(`${current.text('maxmemory')} ${current.text('maxmemory-policy')}`);
    };
    configuration.onChange('maxmemory', listener);
    configuration.onChange('maxmemory-policy', listener);
    configuration.setAll(
      [
        ['maxmemory', '5'],
        ['maxmemory-policy', 'allkeys-lru'],
      ],
      true,
    );
    expect(seen).toEqual(['5 allkeys-lru']);
    configuration.set('maxmemory', '5');
    expect(seen).toHaveLength(1);
  });

  it('takes back what a listener refuses, and tells the listeners so', () => {
    const configuration = make();
    const heard: string[] = [];
    configuration.onChange('hz', (current) => void heard.push(current.text('hz')));
    configuration.onChange('port', (current) =>
      current.text('port') === '1' ? 'Unable to listen on this port.' : undefined,
    );
    const refusal = configuration.setAll(
      [
        ['hz', '50'],
        ['port', '1'],
      ],
      true,
    );
    expect(refusal).toBe(failure('port', 'Unable to listen on this port.'));
    expect([configuration.text('hz'), configuration.text('port')]).toEqual(['10', '6379']);
    expect(heard).toEqual(['50', '10']);
  });
});

describe('load', () => {
  it('reads redis.conf: comments, quotes, escapes, aliases, several save lines', () => {
    const configuration = make();
    const text =
      '# comment\n\nport 7000\n  requirepass "a \\"b\\x01\\n"  \nslave-priority 7\nsave 60 1\nsave 90 2\r\nMaxMemory 1mb\n';
    expect(configuration.load(text, 'redis.conf')).toBeUndefined();
    expect(configuration.text('port')).toBe('7000');
    expect(configuration.text('requirepass')).toBe('a "b\x01\n');
    expect(configuration.text('replica-priority')).toBe('7');
    expect(configuration.text('save')).toBe('60 1 90 2');
    expect(configuration.number('maxmemory')).toBe(1048576);
  });

  it.each([
    ['\nmaxmemry 1', "x.conf:2: unknown directive 'maxmemry'; did you mean 'maxmemory'?"],
    ['xyzzy-plugh 1', "x.conf:1: unknown directive 'xyzzy-plugh'"],
    ['port', "x.conf:1: 'port' takes one value, found 0"],
    ['port 1 2', "x.conf:1: 'port' takes one value, found 2"],
    ['port abc', "x.conf:1: 'port': argument couldn't be parsed into an integer"],
    ['requirepass "abc', 'x.conf:1: unbalanced quotes'],
    ['loadmodule m.so', "x.conf:1: 'loadmodule' is a directive of Redis that this server does not support"],
  ])('says in one line what is wrong: %s', (text, message) => {
    expect(make().load(text, 'x.conf')).toBe(message);
  });

  it('accepts the directives that Redis ignores', () => {
    expect(make().load('lua-replicate-commands yes\nlist-max-ziplist-entries 5\n', 'x.conf')).toBeUndefined();
  });
});

describe('loadOptions', () => {
  it('reads the command line as Redis does', () => {
    const configuration = make();
    const options = [
      '--port',
      '7001',
      '--save',
      '60',
      '1',
      '--save',
      '',
      '--client-output-buffer-limit',
      'normal 1 2 3',
    ];
    expect(configuration.loadOptions(options)).toBeUndefined();
    expect(configuration.text('port')).toBe('7001');
    expect(configuration.text('save')).toBe('');
    expect(configuration.text('client-output-buffer-limit')).toMatch(/^normal 1 2 3 /);
  });

  it('explains a mistake', () => {
    expect(make().loadOptions(['port', '1'])).toBe("expected an option such as --port, found 'port'");
    expect(make().loadOptions(['--prt', '1'])).toBe("--prt: unknown directive 'prt'; did you mean 'port'?");
  });
});

describe('listed', () => {
  it('shows aliases and hides what Redis hides', () => {
    const names = [...make().listed()].map(({ name }) => name);
    expect(names).toContain('hash-max-ziplist-value');
    expect(names).not.toContain('use-exit-on-panic');
    expect(new Set(names).size).toBe(names.length);
    expect(make().parameter('USE-EXIT-ON-PANIC')?.hidden).toBe(true);
  });

  it('holds canonical texts: every default parses to itself', () => {
    const configuration = make();
    for (const { name, text } of configuration.listed()) {
      const parameter = configuration.parameter(name)!;
      const words = !parameter.kind.multiple ? [text] : text === '' ? [''] : text.split(' ');
      if (name === 'replicaof' || name === 'slaveof') continue;
      expect([name, parameter.kind.parse(words, text, false)]).toEqual([name, { text }]);
    }
  });
});
