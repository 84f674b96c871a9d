/** What a differential against Redis does not show: the machine's life, statistics, and how scripts sit among other clients. */
import { beforeEach, describe, expect, it } from 'vitest';
import { CommandHarness } from '../commands/commandHarness.ts';
import { ErrorReply } from '../protocol/respReader.ts';

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
});
const run = (...args: (string | number)[]): unknown => harness.run(...args);
const text = (reply: unknown): string =>
  reply instanceof ErrorReply ? reply.message : Buffer.from(reply as Uint8Array).toString('latin1');
const infoField = (name: string): string =>
  new RegExp(`^${name}:(.*)\r$`, 'm').exec(harness.raw('INFO', 'everything').toString('latin1'))?.[1] ?? '';

describe('the cache of scripts', () => {
  it('forgets those of EVAL beyond 500, the longest unused first, and none of SCRIPT LOAD', () => {
    const kept = text(run('SCRIPT', 'LOAD', 'return "loaded"'));
    run('EVAL', 'return 1', 0);
    run('EVAL', 'return 2', 0);
    for (let i = 3; i <= 500; i++) run('EVAL', `return ${i}`, 0);
    run('EVAL', 'return 1', 0);
    run('EVAL', 'return 501', 0);
    expect(infoField('number_of_cached_scripts')).toBe('501');
    expect(infoField('evicted_scripts')).toBe('1');
    expect(run('SCRIPT', 'EXISTS', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', kept)).toEqual([1, 1]);
    // 'return 2'
    expect(run('SCRIPT', 'EXISTS', '7f923f79fe76194c868d7e1d0820de36700eb649')).toEqual([0]);
  });

  it('loads no engine before the first script', () => {
    run('SET', 'k', 'v');
    expect(infoField('used_memory_vm_eval')).toBe('0');
    run('EVAL', 'return 1', 0);
    expect(Number(infoField('used_memory_vm_eval'))).toBeGreaterThan(10_000);
  });

  it('outlives a script that breaks the machine', () => {
    const sha = text(run('SCRIPT', 'LOAD', 'return 7'));
    // The pattern matcher goes deeper with each item: deeper than the stack.
    const reply = run('EVAL', "return string.find(string.rep('a', 300000), string.rep('a?', 300000))", 0);
    expect(text(reply)).toMatch(/^ERR Error running script [0-9a-f]{40}, stack overflow$/);
    expect(run('EVALSHA', sha, 0)).toBe(7);
  });
});

describe('a script among others', () => {
  it('counts a failing command as its own and not as the script’s', () => {
    run('SET', 'k', 'v');
    run('EVAL', "return redis.call('incr', 'k')", 0);
    expect(infoField('errorstat_ERR')).toBe('count=1');
    expect(infoField('cmdstat_incr')).toContain('rejected_calls=0,failed_calls=1');
    expect(infoField('cmdstat_eval')).toContain('rejected_calls=0,failed_calls=0');
    run('EVAL', "return redis.call('incr')", 0);
    expect(infoField('errorstat_ERR')).toBe('count=2');
    expect(infoField('cmdstat_incr')).toContain('rejected_calls=1,failed_calls=1');
    run('EVAL', "error('own')", 0);
    expect(infoField('errorstat_ERR')).toBe('count=3');
    expect(infoField('cmdstat_eval')).toContain('failed_calls=1');
  });

  it('breaks a WATCH and wakes who waits, once it is over', () => {
    const other = harness.connect();
    run('WATCH', 'k');
    other.run('EVAL', "redis.call('set', 'k', 1)", 0);
    run('MULTI');
    run('PING');
    expect(run('EXEC')).toBeNull();
    expect(other.raw('BLPOP', 'list', 0).length).toBe(0);
    run('EVAL', "redis.call('rpush', 'list', 'a', 'b') redis.call('lpop', 'list')", 0);
    expect(other.takeOutput().toString()).toBe('*2\r\n$4\r\nlist\r\n$1\r\nb\r\n');
  });

  it('keeps the database, the protocol and the errors of the client that called it', () => {
    run('HELLO', 3);
    expect(harness.raw('EVAL', "redis.call('select', 4) return redis.call('get', 'x')", 0).toString()).toBe(
      '_\r\n',
    );
    run('SET', 'here', 1);
    expect(run('EVAL', "return redis.call('exists', 'here')", 0)).toBe(1);
  });

  it('refuses what needs memory when there is none, unless it was told not to or has begun', () => {
    run('SET', 'big', 'x'.repeat(100_000));
    run('CONFIG', 'SET', 'maxmemory', '1000');
    const write = "redis.call('set', 'a', 'b') return 1";
    expect(text(run('EVAL', write, 0))).toContain("OOM command not allowed when used memory > 'maxmemory'.");
    expect(text(run('EVAL', `#!lua\n${write}`, 0))).toBe(
      "OOM command not allowed when used memory > 'maxmemory'.",
    );
    expect(run('EVAL', `#!lua flags=allow-oom\n${write}`, 0)).toBe(1);
    expect(run('EVAL', `redis.call('del', 'nothing') ${write}`, 0)).toBe(1);
    expect(run('EVAL', "return redis.call('strlen', 'big')", 0)).toBe(100_000);
  });

  it('is shown to MONITOR before what it calls', () => {
    const watcher = harness.connect();
    watcher.run('MONITOR');
    run('EVAL', "return redis.call('get', KEYS[1])", 1, 'k');
    const lines = watcher.takeOutput().toString().trim().split('\r\n');
    expect(lines[0]).toMatch(/\[0 127\.0\.0\.1:\d+\] "EVAL"/);
    expect(lines[1]).toMatch(/\[0 lua\] "get" "k"$/);
  });

  it('leaves nothing of itself in the machine but what Redis leaves', () => {
    run('EVAL', 'return KEYS[1]', 1, 'left');
    expect(text(run('EVAL', 'return type(KEYS)', 0))).toBe('table');
    run('EVAL', 'coroutine.wrap(function() coroutine.yield() end)()', 0);
    for (let i = 0; i < 300; i++) run('EVAL', "error('again')", 0);
    expect(run('EVAL', 'return 1', 0)).toBe(1);
  });
});
