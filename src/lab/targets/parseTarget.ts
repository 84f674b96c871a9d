/** From what a user types to a target. */

import { ReplicatedTarget } from './replicatedTarget.ts';
import { TargetError } from './runningServer.ts';
import { DockerTarget, EvenkeelTarget, NullTarget, RedisTarget } from './serverTargets.ts';
import type { Target } from './target.ts';
import { UrlTarget } from './urlTarget.ts';

export const targetForms =
  'ours, ours:all (or evenkeel:flags=all), ours:none, ours:+fast-path,-arena-storage, ours:all?shards=2, ours:all?nodes=2, redis, redis:/path/to/redis-server, docker, null or redis://host:port';

/**
 * `evenkeel:flags=all` says the same as `ours:all`.
 * @throws TargetError naming the forms there are. Flag names are checked by the server, which knows them.
 */
export function parseTarget(given: string): Target {
  const spec = given.replace(/^evenkeel(?=:|$)/, 'ours').replace(/^ours:flags=/, 'ours:');
  if (spec === 'ours') return new EvenkeelTarget();
  if (spec.startsWith('ours:')) {
    const [flags, query = ''] = spec.slice('ours:'.length).split('?') as [string, string?];
    if (
      /^(all|none|[+-]?[a-z][a-z0-9-]*(,[+-]?[a-z][a-z0-9-]*)*)$/.test(flags) &&
      /^([a-z][a-z0-9-]*=[\w.:-]+(&[a-z][a-z0-9-]*=[\w.:-]+)*)?$/.test(query)
    ) {
      return evenkeelTarget(flags, query);
    }
  } else if (spec === 'redis') return new RedisTarget();
  else if (spec === 'docker') return new DockerTarget();
  else if (spec === 'null') return new NullTarget();
  else if (spec.includes('://')) return new UrlTarget(spec);
  else if (spec.startsWith('redis:') && spec.length > 'redis:'.length) {
    return new RedisTarget(spec.slice('redis:'.length));
  }
  throw new TargetError(`${given} is not a target. Give one of: ${targetForms}`);
}

/** `nodes` is the laboratory's word, not the server's: so many servers that replicate to each other. */
function evenkeelTarget(flags: string, query: string): Target {
  const settings = query === '' ? [] : query.split('&');
  const nodes = settings.find((pair) => pair.startsWith('nodes='))?.slice('nodes='.length) ?? '1';
  if (!/^[1-9]$/.test(nodes)) throw new TargetError(`nodes=${nodes}: give 1 to 9`);
  const rest = settings.filter((pair) => !pair.startsWith('nodes=')).join('&');
  return nodes === '1' ? new EvenkeelTarget(flags, rest) : new ReplicatedTarget(flags, rest, Number(nodes));
}

/** The same server with its instruments, which a profile is asked of; undefined where the target is not one server of this project. */
export function withInstruments(target: Target): Target | undefined {
  if (!(target instanceof EvenkeelTarget)) return undefined;
  const spec = target.spec === 'ours' ? 'ours:default' : target.spec;
  return parseTarget(`${spec}${spec.includes('?') ? '&' : '?'}instruments=1`);
}
