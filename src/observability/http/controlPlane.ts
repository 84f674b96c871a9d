/**
 * The control plane: metrics, health, live events and commands over HTTP, on a port and a thread of its own. It reads recordings
 * and never waits for a shard, but for commands that it is asked to run.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { SlowFrame } from '../live/frame.ts';
import { Exposition } from '../metrics/exposition.ts';
import { redisExporterMetrics } from '../metrics/redisExporterMetrics.ts';
import { serverMetrics } from '../metrics/serverMetrics.ts';
import type { ObservedServer } from '../observedServer.ts';
import { accessControl, type ControlEnv, type Gatekeeper, requireRight } from './access.ts';
import { type CommandPort, commandGateway } from './commandGateway.ts';
import { type Asset, type Events, pageHeaders, pageRoutes } from './pageRoutes.ts';

export interface ProfileOrder {
  readonly what: 'cpu' | 'heap';
  readonly seconds: number;
  readonly intervalUs: number;
}

const profileOrder = z.object({
  what: z.enum(['cpu', 'heap']).default('cpu'),
  seconds: z.coerce.number().min(0.1).max(60).default(5),
  intervalUs: z.coerce.number().int().min(50).max(100_000).default(1000),
});

/** Arrivals in ms since the epoch, durations in microseconds. */
const slowQuery = z.object({
  fromUs: z.coerce.number().default(0),
  sinceMs: z.coerce.number().default(0),
  untilMs: z.coerce.number().default(Number.MAX_SAFE_INTEGER),
});

export interface ControlPlaneParts {
  readonly server: ObservedServer;
  readonly gatekeeper: Gatekeeper;
  readonly commands: CommandPort;
  /** By path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Profiles of all shards' threads, one after another; rejects while one is being taken. */
  readonly profile: (order: ProfileOrder) => Promise<unknown>;
  /** Slow requests that are still known and wanted, oldest first. */
  readonly slow: (
    isWanted: (request: Pick<SlowFrame, 'atMs' | 'durationUs'>) => boolean,
  ) => readonly SlowFrame[];
  /** A full collection in every shard's thread, now: everybody waits for it. Milliseconds by shard. */
  readonly collectGarbage: () => Promise<readonly number[]>;
  /** Once a second, to each listener of `/events`, as JSON: what happened since. Ends with the signal. */
  readonly events: Events;
}

export function controlPlane({
  server,
  gatekeeper,
  commands,
  assets,
  profile,
  slow,
  collectGarbage,
  events,
}: ControlPlaneParts): Hono<ControlEnv> {
  const app = new Hono<ControlEnv>();
  const own = new Exposition(serverMetrics(server));
  const exporter = new Exposition(redisExporterMetrics(server), false);

  app.onError((error, context) => context.json({ error: `ERR ${error.message}` }, 502));
  app.use(pageHeaders());
  // Says whether the process lives, to whoever asks: orchestrators have no password.
  app.get('/healthz', (context) => context.text('ok\n'));
  app.use(accessControl(gatekeeper));
  for (const path of ['/metrics', '/metrics/*', '/events']) app.use(path, requireRight('watch', 'INFO'));
  app.use('/api/*', requireRight('administrate', 'CONFIG'));
  app.get('/metrics', async (context) => {
    context.header('Content-Type', own.contentType);
    return context.body(await own.text());
  });
  app.get('/metrics/redis-exporter', async (context) => {
    context.header('Content-Type', exporter.contentType);
    return context.body(await exporter.text());
  });
  app.get('/api/profile', async (context) => {
    const order = profileOrder.safeParse(context.req.query());
    if (!order.success)
      return context.json(
        { error: 'ERR what=cpu|heap, seconds from 0.1 to 60, intervalUs from 50 to 100000' },
        400,
      );
    return context.json(await profile(order.data));
  });
  app.post('/api/collect-garbage', async (context) => context.json({ milliseconds: await collectGarbage() }));
  app.get('/api/slow', (context) => {
    const query = slowQuery.safeParse(context.req.query());
    if (!query.success) return context.json({ error: 'ERR fromUs, sinceMs and untilMs are numbers' }, 400);
    const { fromUs, sinceMs, untilMs } = query.data;
    return context.json(
      slow(({ durationUs, atMs }) => durationUs >= fromUs && atMs >= sinceMs && atMs < untilMs),
    );
  });
  app.route('/', pageRoutes(assets, events));
  app.route('/', commandGateway(commands));
  return app;
}
