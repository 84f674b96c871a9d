import { describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';
import { humanBytes } from './info/humanBytes.ts';

const error = (text: string): ErrorReply => new ErrorReply(text);

/** INFO as a map of sections to their fields. */
function info(h: CommandHarness, ...words: string[]): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let fields = new Map<string, string>();
  for (const line of (h.run('INFO', ...words) as string).split('\r\n')) {
    if (line.startsWith('# ')) {
      fields = new Map();
      sections.set(line.slice(2), fields);
    } else if (line !== '') fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
  }
  return sections;
}

describe('INFO', () => {
  it('prints the sections asked for, in its own order', () => {
    const h = new CommandHarness();
    const byDefault = [
      'Server',
      'Clients',
      'Memory',
      'Persistence',
      'Stats',
      'Replication',
      'CPU',
      'Modules',
      'Errorstats',
      'Cluster',
      'Keyspace',
    ];
    expect([...info(h).keys()]).toEqual(byDefault);
    expect([...info(h, 'default').keys()]).toEqual(byDefault);
    expect([...info(h, 'keyspace', 'SERVER').keys()]).toEqual(['Server', 'Keyspace']);
    expect([...info(h, 'everything').keys()]).toHaveLength(14);
    expect([...info(h, 'all').keys()]).toEqual([...info(h, 'everything').keys()]);
    expect(h.run('INFO', 'nosuch')).toBe('');
  });

  it('says what it is compatible with and what it is', () => {
    const h = new CommandHarness();
    h.advance(90_000);
    const server = info(h, 'server').get('Server')!;
    expect(server.get('redis_version')).toBe('7.4.1');
    expect(server.get('uptime_in_seconds')).toBe('90');
    expect(server.get('evenkeel_version')).toBe('0.0.0-test');
    expect([...server.keys()].slice(-4)).toEqual([
      'evenkeel_version',
      'evenkeel_node_version',
      'evenkeel_flags',
      'evenkeel_flags_refused',
    ]);
  });

  it('counts', () => {
    const h = new CommandHarness();
    h.run('SET', 'k', 'v');
    h.run('GET', 'k');
    h.run('GET', 'none');
    h.run('GET');
    h.run('HGET', 'k', 'f');
    const sections = info(h, 'everything');
    const stats = sections.get('Stats')!;
    expect(stats.get('keyspace_hits')).toBe('2');
    expect(stats.get('keyspace_misses')).toBe('1');
    expect(stats.get('total_error_replies')).toBe('2');
    expect(sections.get('Errorstats')).toEqual(
      new Map([
        ['errorstat_ERR', 'count=1'],
        ['errorstat_WRONGTYPE', 'count=1'],
      ]),
    );
    const commands = sections.get('Commandstats')!;
    expect(commands.get('cmdstat_get')).toMatch(
      /^calls=2,usec=[\d.]+,usec_per_call=\d+\.\d\d,rejected_calls=1,failed_calls=0$/,
    );
    expect(commands.get('cmdstat_hget')).toMatch(/failed_calls=1$/);
    expect(commands.has('cmdstat_append')).toBe(false);
    h.run('CONFIG', 'RESETSTAT');
    expect(info(h, 'stats').get('Stats')!.get('keyspace_hits')).toBe('0');
  });

  it('describes the databases that hold keys', () => {
    const h = new CommandHarness();
    expect(info(h, 'keyspace').get('Keyspace')!.size).toBe(0);
    h.run('SET', 'a', '1', 'PX', '1000');
    h.run('SET', 'b', '1', 'PX', '3000');
    h.run('SET', 'c', '1');
    h.run('SELECT', '3');
    h.run('SET', 'd', '1');
    expect(info(h, 'keyspace').get('Keyspace')).toEqual(
      new Map([
        ['db0', 'keys=3,expires=2,avg_ttl=2000,subexpiry=0'],
        ['db3', 'keys=1,expires=0,avg_ttl=0,subexpiry=0'],
      ]),
    );
  });

  it('prints sizes for people', () => {
    expect([0, 1023, 1024, 1536, 1048576, 25276510208].map(humanBytes)).toEqual([
      '0B',
      '1023B',
      '1.00K',
      '1.50K',
      '1.00M',
      '23.54G',
    ]);
  });
});

describe('CONFIG', () => {
  it('finds by name and pattern, each once', () => {
    const h = new CommandHarness();
    expect(h.run('CONFIG', 'GET', 'MaxMemory', 'maxmemory')).toEqual(['MaxMemory', '0']);
    expect(h.run('CONFIG', 'GET', 'HASH-MAX-*-value', 'hash-max-listpack-value')).toEqual([
      'hash-max-listpack-value',
      '64',
      'hash-max-ziplist-value',
      '64',
    ]);
    expect(h.run('CONFIG', 'GET', 'nosuch')).toEqual([]);
    h.run('HELLO', '3');
    expect(h.run('CONFIG', 'GET', 'hz')).toEqual(new Map([['hz', '10']]));
  });

  it('sets, and guards what is protected', () => {
    const h = new CommandHarness();
    expect(h.run('CONFIG', 'SET', 'hz', '20', 'maxmemory', '1mb')).toBe('OK');
    expect(h.run('CONFIG', 'GET', 'hz', 'maxmemory')).toEqual(['hz', '20', 'maxmemory', '1048576']);
    expect(h.run('CONFIG', 'SET', 'hz', '20', 'maxmemory')).toEqual(error('ERR syntax error'));
    expect(h.run('CONFIG', 'SET', 'dir', '/tmp')).toEqual(
      error("ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config"),
    );
    // A password that could only be kept in part would lock everybody out.
    const tooLong = 'ERR CONFIG SET failed - argument is too long';
    expect(h.run('CONFIG', 'SET', 'requirepass', 'p'.repeat(65_537))).toEqual(error(tooLong));
    const local = new CommandHarness({ configuration: { 'enable-protected-configs': 'local' } });
    expect(local.run('CONFIG', 'SET', 'dbfilename', 'x.rdb')).toBe('OK');
  });

  it('rewrites the file it was started with', () => {
    const h = new CommandHarness();
    expect(h.run('CONFIG', 'REWRITE')).toEqual(error('ERR The server is running without a config file'));
    (h.server.identity as { configFile: string }).configFile = '/etc/evenkeel.conf';
    h.files.replaceText('/etc/evenkeel.conf', '# mine\nhz 10\n');
    h.run('CONFIG', 'SET', 'hz', '50');
    expect(h.run('CONFIG', 'REWRITE')).toBe('OK');
    expect(h.files.readText('/etc/evenkeel.conf')).toMatch(/^# mine\nhz 50\n/);
    (h.server.identity as { configFile: string }).configFile = '/gone.conf';
    expect((h.run('CONFIG', 'REWRITE') as ErrorReply).message).toMatch(/^ERR Rewriting config file: /);
  });
});

describe('MEMORY', () => {
  it('weighs a key', () => {
    const h = new CommandHarness();
    expect(h.run('MEMORY', 'USAGE', 'none')).toBeNull();
    h.run('SET', 'short', 'x');
    h.run('SET', 'long', 'x'.repeat(10_000));
    const short = h.run('MEMORY', 'USAGE', 'short') as number;
    const long = h.run('MEMORY', 'USAGE', 'long', 'SAMPLES', '0') as number;
    expect(short).toBeGreaterThan('short'.length);
    expect(long).toBeGreaterThan(10_000);
    expect(h.run('MEMORY', 'USAGE', 'long', 'SAMPLES', '-1')).toEqual(error('ERR syntax error'));
  });

  it('adds up in MEMORY STATS', () => {
    const h = new CommandHarness();
    for (let i = 0; i < 100; i++) h.run('SET', `key:${i}`, 'v'.repeat(100));
    h.run('HELLO', '3');
    const stats = h.run('MEMORY', 'STATS') as Map<string, unknown>;
    expect(stats.get('keys.count')).toBe(100);
    const total = stats.get('total.allocated') as number;
    expect(stats.get('keys.bytes-per-key')).toBe(Math.floor(total / 100));
    expect(total).toBeGreaterThan(10_000);
    expect(stats.has('db.0')).toBe(true);
    expect(h.run('MEMORY', 'DOCTOR')).toMatch(/very little data/);
    expect(h.run('MEMORY', 'PURGE')).toBe('OK');
  });
});

describe('the rest', () => {
  it('tells the time', () => {
    const h = new CommandHarness();
    h.clock.advanceMs(1500);
    expect(h.run('TIME')).toEqual([`${HARNESS_EPOCH_MS / 1000 + 1}`, '500000']);
    expect(h.run('LASTSAVE')).toBe(HARNESS_EPOCH_MS / 1000);
  });

  it('shuts down, but not on contradictions', () => {
    const h = new CommandHarness();
    expect(h.run('SHUTDOWN', 'SAVE', 'NOSAVE')).toEqual(error('ERR syntax error'));
    expect(h.run('SHUTDOWN', 'ABORT')).toEqual(error('ERR No shutdown in progress.'));
    expect(h.shutdowns).toBe(0);
    expect(h.run('SHUTDOWN', 'NOSAVE', 'NOW')).toBeUndefined();
    expect(h.shutdowns).toBe(1);
  });

  it('draws its ship above another sea each time', () => {
    const h = new CommandHarness();
    const first = h.run('LOLWUT') as string;
    expect(first).toMatch(/Redis ver\. 7\.4\.1\n$/);
    expect(h.run('LOLWUT', 'VERSION', '5')).not.toBe(first);
    expect(h.run('LOLWUT', 'VERSION', 'x')).toEqual(error('ERR value is not an integer or out of range'));
  });

  it('says honestly what it has not got', () => {
    const h = new CommandHarness();
    expect(h.run('ROLE')).toEqual(['master', 0, []]);
    expect(h.run('REPLICAOF', 'NO', 'ONE')).toBe('OK');
    expect(h.run('REPLICAOF', 'host', '99999')).toEqual(error('ERR Invalid master port'));
    expect(h.run('SLAVEOF', 'host', '6379')).toEqual(
      error('ERR replication of another server is not available'),
    );
    expect(h.run('SLOWLOG', 'GET', '-1')).toEqual([]);
    expect(h.run('SLOWLOG', 'GET', '-2')).toEqual(error('ERR count should be greater than or equal to -1'));
    expect(h.run('LATENCY', 'GRAPH', 'command')).toEqual(
      error("ERR No samples available for event 'command'"),
    );
    expect(h.run('LATENCY', 'LATEST')).toEqual([]);
    expect(h.run('MODULE', 'LIST')).toEqual([]);
  });
});
