/** The control plane on the main thread: its address, its clock that ticks once a second, and what it reads of the system. */
import { serve } from '@hono/node-server';
import { controlPlane } from '../observability/http/controlPlane.ts';
import { eventStream } from '../observability/http/eventStream.ts';
import type { Greeting } from '../observability/live/frame.ts';
import { LiveFeed } from '../observability/live/liveFeed.ts';
import { figureOf } from '../observability/metrics/serverMetrics.ts';
import type { ObservedServer } from '../observability/observedServer.ts';
import { totalAt } from '../observability/recording/recordingLayout.ts';
import { ShardRecording } from '../observability/recording/shardRecording.ts';
import { SchedulerMeter } from '../ports/real/schedulerMeter.ts';
import { DataPortClients } from './dataPortClients.ts';
import type { WatchedThread } from './observation.ts';
import { loadPageAssets } from './pageAssets.ts';
import type { Capture, CaptureOrder, ProfileOrder } from './threadProfiler.ts';

export interface ControlPlaneOptions {
  readonly host: string;
  readonly port: number;
  readonly dataPort: { address: string; port: number };
  readonly version: string;
  readonly gitSha: string;
  readonly flags: readonly string[];
  readonly startedMs: number;
  readonly capture: (order: CaptureOrder) => Promise<Capture[]>;
}

export interface RunningControlPlane {
  /** `http://127.0.0.1:9121`. */
  readonly url: string;
  close(): Promise<void>;
}

const FRAME_MS = 1000;

export async function startControlPlane(
  threads: readonly WatchedThread[],
  options: ControlPlaneOptions,
): Promise<RunningControlPlane> {
  const schedulers = threads.map(({ threadId }) => SchedulerMeter.open(threadId));
  const server = observedServer(threads, schedulers, options);
  const feed = new LiveFeed(server);
  const clients = new DataPortClients(reachable(options.dataPort.address), options.dataPort.port, () =>
    server.recordings.reduce((sum, recording) => sum + figureOf(recording, 'configurationChanges'), 0),
  );
  const app = controlPlane({
    server,
    gatekeeper: clients,
    commands: clients,
    assets: loadPageAssets(),
    profile: profiler(server, options),
    slow: (isWanted) => feed.slow(isWanted),
    collectGarbage: async () =>
      (await options.capture({ what: 'collection' })).map((each) =>
        each.what === 'collection' ? each.milliseconds : 0,
      ),
    events: (signal) => eventStream((hear) => tellFrames(feed, greetingOf(options), hear), signal),
  });
  const http = await listen(app.fetch, options);
  const frames = setInterval(() => feed.step(), FRAME_MS);
  const address = http.address() as { address: string; port: number };
  const host = address.address.includes(':') ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      clearInterval(frames);
      http.close();
      if ('closeAllConnections' in http) http.closeAllConnections();
      for (const meter of schedulers) meter?.close();
      await clients.close();
    },
  };
}

/** What `/api/profile` answers. */
export interface ProfileAnswer {
  readonly seconds: number;
  /** That were served meanwhile, by all shards. */
  readonly requests: number;
  /** By shard. */
  readonly captures: readonly Capture[];
}

function profiler(
  server: ObservedServer,
  { capture }: ControlPlaneOptions,
): (order: ProfileOrder) => Promise<ProfileAnswer> {
  let isTaken = false;
  const requests = (): number =>
    server.recordings.reduce((sum, { regions }) => sum + regions.totals[totalAt('requests')]!, 0);
  return async (order) => {
    if (isTaken) throw new Error('a profile is being taken; ask again when it is done');
    isTaken = true;
    try {
      const [before, startMs] = [requests(), performance.now()];
      const captures = await capture(order);
      return { seconds: (performance.now() - startMs) / 1000, requests: requests() - before, captures };
    } finally {
      isTaken = false;
    }
  };
}

const greetingOf = ({ version, gitSha, flags }: ControlPlaneOptions): Greeting['server'] => ({
  version,
  gitSha,
  node: process.version,
  flags,
});

function observedServer(
  threads: readonly WatchedThread[],
  schedulers: readonly (SchedulerMeter | undefined)[],
  { version, gitSha, flags, startedMs }: ControlPlaneOptions,
): ObservedServer {
  return {
    facts: { version, gitSha, nodeVersion: process.version, flags, startedMs },
    recordings: threads.map((thread) => new ShardRecording(thread)),
    meters: {
      cpuUserSec: () => process.cpuUsage().user / 1e6,
      cpuSystemSec: () => process.cpuUsage().system / 1e6,
      residentBytes: () => process.memoryUsage.rss(),
      runQueueWaitSec: (shard) => {
        const meter = schedulers[shard];
        return meter && meter.waitedUs() / 1e6;
      },
    },
    nowMs: () => Date.now(),
  };
}

type HttpServer = ReturnType<typeof serve>;

function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port }: ControlPlaneOptions,
): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const http = serve({ fetch, hostname: host, port }, () => resolve(http));
    http.once('error', reject);
  });
}

/** What was so far, then each new frame. */
function tellFrames(feed: LiveFeed, server: Greeting['server'], hear: (json: string) => void): () => void {
  hear(`{"server":${JSON.stringify(server)},"history":[${feed.history.join(',')}]}`);
  return feed.listen(hear);
}

/** An address to connect to, for one to listen on. */
const reachable = (address: string): string =>
  address === '0.0.0.0' || address === '' ? '127.0.0.1' : address === '::' ? '::1' : address;
