/** A server somebody else runs, reached by the URL its user gave. It is not started, stopped, flushed or pinned. */

import { TargetError, whenReady } from './runningServer.ts';
import { versionsOf } from './serverTargets.ts';
import type { Endpoint, RunningTarget, Target, TargetStartOptions } from './target.ts';

const redisPortDefault = 6379;
/** It is said to be running already, so a few seconds of LOADING are all that is waited for. */
const readyTimeoutMsDefault = 3000;

/** @throws TargetError on anything but `redis://[user[:password]@]host[:port][/db]`. */
export function parseRedisUrl(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'rediss:') {
    throw new TargetError('rediss:// is not supported: the generator speaks plain TCP');
  }
  const db = url?.pathname.slice(1) ?? '';
  if (url?.protocol !== 'redis:' || url.hostname === '' || !/^\d*$/.test(db)) {
    throw new TargetError(`${text} is not a URL like redis://host:6379/0`);
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? redisPortDefault : Number(url.port),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(db === '' ? {} : { db: Number(db) }),
  };
}

export class UrlTarget implements Target {
  readonly kind = 'url';
  readonly id: string;
  readonly spec: string;
  readonly #endpoint: Endpoint;

  constructor(url: string) {
    this.#endpoint = parseRedisUrl(url);
    this.spec = url;
    // Without the password: ids are printed.
    this.id = `${this.#endpoint.host}:${this.#endpoint.port}`;
  }

  async unavailable(): Promise<string | undefined> {
    return undefined;
  }

  start(options: TargetStartOptions = {}): Promise<RunningTarget> {
    return whenReady(
      {
        endpoint: this.#endpoint,
        pids: [],
        command: [],
        pinnedCpus: [],
        output: () => '',
        exitText: () => undefined,
        stop: async () => {},
      },
      (info) => {
        const versions = versionsOf(info);
        const name = versions.evenkeelVersion
          ? `Evenkeel ${versions.evenkeelVersion}`
          : `Redis ${versions.redisVersion}`;
        return { id: this.id, kind: this.kind, label: `${name} at ${this.id}`, ...versions };
      },
      options.readyTimeoutMs ?? readyTimeoutMsDefault,
    );
  }
}
