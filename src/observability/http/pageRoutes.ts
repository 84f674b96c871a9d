/**
 * A live page over HTTP: its files, its events, and the headers that keep it to itself. The page asks this address for everything
 * and may be framed, scripted and sent to by nobody else.
 */
import { Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import type { ControlEnv } from './access.ts';

/** A file of a page. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** What a listener is told until it leaves, as JSON. */
export type Events = (signal: AbortSignal) => AsyncIterable<string>;

export const pageHeaders = (): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
  });

export function pageRoutes(assets: ReadonlyMap<string, Asset>, events: Events): Hono<ControlEnv> {
  const routes = new Hono<ControlEnv>();
  for (const [path, { type, body }] of assets)
    routes.get(path, (context) => {
      context.header('Content-Type', type);
      context.header('Cache-Control', 'no-cache');
      return context.body(body);
    });
  routes.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      const left = new AbortController();
      stream.onAbort(() => left.abort());
      for await (const data of events(left.signal)) await stream.writeSSE({ data });
    }),
  );
  return routes;
}
