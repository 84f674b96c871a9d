import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseTarget } from '../targets/parseTarget.ts';
import { redisBeside } from './baseline.ts';

describe('a Redis beside other targets', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is the one that is found', async () => {
    vi.stubEnv('REDIS_SERVER', process.execPath);
    const { target, missing } = await redisBeside(['ours:none', 'null'].map(parseTarget));
    expect(target).toMatchObject({ spec: 'redis', kind: 'redis' });
    expect(missing).toBeUndefined();
  });

  it('is not added to one, nor to a URL, which may be one', async () => {
    vi.stubEnv('REDIS_SERVER', process.execPath);
    for (const other of ['redis:/opt/redis-server', 'docker', 'redis://somewhere'])
      expect(await redisBeside(['ours', other].map(parseTarget))).toEqual({});
  });

  it('that cannot be found is said to be missing, in one line', async () => {
    vi.stubEnv('REDIS_SERVER', '/nowhere/redis-server');
    const { target, missing } = await redisBeside([parseTarget('ours')]);
    expect(target).toBeUndefined();
    expect(missing).toMatch(/^Compared without a Redis: [^\n]*REDIS_SERVER[^\n]*$/);
  });
});
