import { describe, expect, it } from 'vitest';
import { CommandHarness } from '../commands/commandHarness.ts';

const LIBRARY = `#!lua name=shop
redis.register_function('put', function(keys, args) return redis.call('SET', keys[1], args[1]) end)`;

describe('libraries of functions', () => {
  it('are saved with a snapshot and callable after it was loaded', () => {
    const h = new CommandHarness({ configuration: { save: '', 'enable-debug-command': 'yes' } });
    h.run('FUNCTION', 'LOAD', LIBRARY);
    h.run('SET', 'k', 'v');
    h.run('SAVE');
    h.run('FUNCTION', 'FLUSH');
    h.run('FLUSHALL');
    expect(h.run('DEBUG', 'RELOAD', 'NOSAVE')).toBe('OK');
    expect(h.run('FCALL', 'put', '1', 'k', 'w')).toBe('OK');
    expect(h.run('GET', 'k')).toBe('w');
  });
});
