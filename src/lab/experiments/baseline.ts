/** Which Redis the session is held against, or what to say when there is none. */
import { parseTarget } from '../targets/parseTarget.ts';
import { TargetError } from '../targets/runningServer.ts';
import type { Target } from '../targets/target.ts';

export interface Baseline {
  target?: Target;
  /** Why there is none and how to get one: the report's first line. */
  missing?: string;
}

const howToGetOne =
  'To get one: apt-get install redis-server (Debian), or build Redis 7.4 and set REDIS_SERVER to its redis-server, ' +
  'or start a docker daemon, or give --baseline redis://host:port.';

/**
 * `auto`: $REDIS_SERVER, else redis-server on PATH, else docker. `none`: no baseline. Else a path or a URL, which must work.
 * @throws TargetError if the one that was named cannot be used.
 */
export async function findBaseline(choice: string): Promise<Baseline> {
  if (choice === 'none') {
    return {
      missing: `No Redis was measured, as --baseline none asked: only our own variants are compared. ${howToGetOne}`,
    };
  }
  if (choice !== 'auto') {
    const target = parseTarget(choice.includes('://') || choice === 'docker' ? choice : `redis:${choice}`);
    const reason = await target.unavailable();
    if (reason !== undefined) throw new TargetError(`--baseline ${choice} cannot be used: ${reason}`);
    return { target };
  }
  const reasons: string[] = [];
  for (const spec of ['redis', 'docker']) {
    const target = parseTarget(spec);
    const reason = await target.unavailable();
    if (reason === undefined) return { target };
    reasons.push(reason);
  }
  return {
    missing: `No Redis could be had (${reasons.join('; ')}): only our own variants are compared. ${howToGetOne}`,
  };
}

/** A Redis as a yardstick for other targets; neither that nor a complaint where one of them is a Redis, or a URL, which may be one. */
export async function redisBeside(targets: readonly Pick<Target, 'kind'>[]): Promise<Baseline> {
  if (targets.some(({ kind }) => kind === 'redis' || kind === 'url')) return {};
  const target = parseTarget('redis');
  const reason = await target.unavailable();
  return reason === undefined ? { target } : { missing: `Compared without a Redis: ${reason}` };
}
