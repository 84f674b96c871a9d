/** express-session with connect-redis, unmodified: what a browser's session does to the server's keys. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

declare module 'express-session' {
  interface SessionData {
    visits: number;
  }
}

const TTL_S = 500;

/** An application whose pages count visits, change nothing, log out. */
function application(store: RedisStore): express.Express {
  const app = express();
  app.use(session({ store, secret: 'of a test', resave: false, saveUninitialized: false }));
  app.get('/visit', (request, response) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    response.json({ visits: request.session.visits, id: request.sessionID });
  });
  app.get('/look', (request, response) => {
    response.json({ visits: request.session.visits ?? null });
  });
  app.get('/renew', (request, response, next) => {
    request.session.regenerate((error) => (error ? next(error) : response.json({ id: request.sessionID })));
  });
  app.get('/leave', (request, response, next) => {
    request.session.destroy((error) => (error ? next(error) : response.json({ left: true })));
  });
  return app;
}

/** Keeps the cookie it is given, as browsers do. */
class Browser {
  private readonly url: string;
  private cookie: string | undefined;

  constructor(url: string) {
    this.url = url;
  }

  async open(path: string): Promise<{ visits?: number | null; id?: string; left?: boolean }> {
    const response = await fetch(`${this.url}${path}`, {
      headers: this.cookie === undefined ? {} : { cookie: this.cookie },
    });
    expect(response.status).toBe(200);
    this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    return (await response.json()) as Awaited<ReturnType<Browser['open']>>;
  }
}

describe.each([2, 3] as const)('connect-redis over node-redis, RESP%i', (RESP) => {
  let server: RunningServer;
  const connect = (port: number) => createClient({ RESP, socket: { host: '127.0.0.1', port } }).connect();
  let client: Awaited<ReturnType<typeof connect>>;
  let store: RedisStore;
  let web: http.Server;
  let url: string;
  beforeAll(async () => {
    server = await startServerUnderTest();
    client = await connect(server.port);
    store = new RedisStore({ client, prefix: 'session:', ttl: TTL_S });
    web = http.createServer(application(store)).listen(0, '127.0.0.1');
    await eventually('the application listens', () => web.listening);
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    web.closeAllConnections();
    web.close();
    client.destroy();
    await server.stop();
  });
  beforeEach(async () => {
    await client.flushAll();
  });

  it('saves a session once there is something in it', async () => {
    const [browser, other] = [new Browser(url), new Browser(url)];
    expect(await browser.open('/look')).toEqual({ visits: null });
    expect(await client.dbSize()).toBe(0);
    const { id } = await browser.open('/visit');
    expect(await browser.open('/visit')).toEqual({ visits: 2, id });
    expect((await other.open('/visit')).visits).toBe(1);
    expect(JSON.parse((await client.get(`session:${id}`))!)).toMatchObject({ visits: 2 });
    const ttlS = await client.ttl(`session:${id}`);
    expect(ttlS).toBeGreaterThan(TTL_S - 60);
    expect(ttlS).toBeLessThanOrEqual(TTL_S);
  });

  it('touches a session that is looked at', async () => {
    const browser = new Browser(url);
    const { id } = await browser.open('/visit');
    await client.expire(`session:${id}`, 20);
    expect(await browser.open('/look')).toEqual({ visits: 1 });
    expect(await client.ttl(`session:${id}`)).toBeGreaterThan(TTL_S - 60);
  });

  it('destroys and regenerates', async () => {
    const browser = new Browser(url);
    const { id } = await browser.open('/visit');
    expect(await browser.open('/leave')).toEqual({ left: true });
    expect(await client.exists(`session:${id}`)).toBe(0);

    const before = (await browser.open('/visit')).id;
    expect(before).not.toBe(id);
    const after = (await browser.open('/renew')).id;
    expect(after).not.toBe(before);
    expect(await client.exists(`session:${before}`)).toBe(0);
  });

  it('begins a new session when the old one has expired', async () => {
    const browser = new Browser(url);
    const { id } = await browser.open('/visit');
    await client.pExpire(`session:${id}`, 5);
    await eventually('the session expires', async () => (await client.exists(`session:${id}`)) === 0);
    const next = await browser.open('/visit');
    expect(next.visits).toBe(1);
    expect(next.id).not.toBe(id);
  });

  it('lists, counts and clears sessions, and nothing else', async () => {
    await client.set('unrelated', 'stays');
    for (let i = 0; i < 150; i++) await store.set(`id${i}`, { cookie: { originalMaxAge: null }, visits: i });
    expect(await store.length()).toBe(150);
    expect(new Set(await store.ids())).toEqual(new Set(Array.from({ length: 150 }, (_, i) => `id${i}`)));
    const all = (await store.all()) as { id: string; visits: number }[];
    expect(all.every(({ id, visits }) => id === `id${visits}`)).toBe(true);
    expect(all).toHaveLength(150);
    await store.clear();
    expect(await store.length()).toBe(0);
    expect(await client.keys('*')).toEqual(['unrelated']);
  });
});
