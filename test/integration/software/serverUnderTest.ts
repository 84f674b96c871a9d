/**
 * The server that other people's software is run against: ours with the flags users get, or with TEST_AGAINST=redis the real one,
 * so that a test that fails says by itself whether ours is wrong or the test.
 */
import { findTool, type RunningServer, startEvenkeel, startRedis } from '../../requirements.ts';

/** @param flags of ours; Redis has none. @throws where TEST_AGAINST names something else, or Redis is wanted and absent. */
export async function startServerUnderTest(flags = 'default'): Promise<RunningServer> {
  const wanted = process.env.TEST_AGAINST ?? 'evenkeel';
  if (wanted === 'evenkeel') return startEvenkeel({ flags });
  if (wanted !== 'redis') throw new Error(`TEST_AGAINST is evenkeel or redis, not ${wanted}`);
  const path = findTool('redis-server');
  if (path === undefined)
    throw new Error('TEST_AGAINST=redis needs redis-server: set REDIS_SERVER to its path');
  return startRedis(path);
}
