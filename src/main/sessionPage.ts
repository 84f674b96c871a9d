/** The page of a running session: on this machine only, for as long as the session runs. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { SessionEvent } from '../lab/live/sessionEvent.ts';
import type { SessionFeed } from '../lab/live/sessionFeed.ts';
import { accessControl, type ControlEnv } from '../observability/http/access.ts';
import { eventStream } from '../observability/http/eventStream.ts';
import { pageHeaders, pageRoutes } from '../observability/http/pageRoutes.ts';
import { loadPageAssets, SESSION_PAGE } from './pageAssets.ts';

export interface RunningSessionPage {
  /** `http://127.0.0.1:9122`. */
  readonly url: string;
  /** Listeners who are still there are cut off after a second. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const CLOSE_TIMEOUT_MS = 1000;

/** @throws the socket's error where the port cannot be had. */
export async function startSessionPage(feed: SessionFeed, port: number): Promise<RunningSessionPage> {
  const app = new Hono<ControlEnv>();
  app.use((_, next) => {
    feed.visited();
    return next();
  });
  app.use(pageHeaders());
  // Nobody needs a password, and nobody but this machine comes in: by address, and by the name it was called.
  app.use(
    accessControl({
      admit: async () => ({
        verdict: 'open',
        login: undefined,
        rights: { watch: true, administrate: false },
      }),
      protectedMode: true,
    }),
  );
  let routes: Hono<ControlEnv> | undefined;
  // Made for the first visitor: without one the page is not even read.
  app.all('*', (context) => {
    routes ??= pageRoutes(loadPageAssets(SESSION_PAGE), (signal) =>
      untilEnd(eventStream<SessionEvent>((hear) => feed.listen(hear), signal)),
    );
    return routes.fetch(context.req.raw, context.env);
  });
  const http = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: HOST, port }, () => resolve(server));
    server.once('error', reject);
  });
  return {
    url: `http://${HOST}:${(http.address() as { port: number }).port}`,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          if ('closeAllConnections' in http) http.closeAllConnections();
        }, CLOSE_TIMEOUT_MS);
        http.close(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** Ends with the session, so that its last event is out before the connection is closed. */
async function* untilEnd(events: AsyncIterable<SessionEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    yield JSON.stringify(event);
    if (event.kind === 'ended' || (event.kind === 'session' && event.state.ended !== undefined)) return;
  }
}

/** A measurement never fails for its page: where there is none, one line says why. @param port 0 for no page. */
export async function offerSessionPage(
  feed: SessionFeed,
  port: number,
  say: (line: string) => void,
): Promise<RunningSessionPage | undefined> {
  if (port === 0) return undefined;
  try {
    const page = await startSessionPage(feed, port);
    say(`Live page while it runs: ${page.url}/ (--live-port 0 for none)`);
    return page;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? `port ${port} is taken` : message;
    say(`No live page: ${why}; going on without (--live-port N for another port).`);
    return undefined;
  }
}
