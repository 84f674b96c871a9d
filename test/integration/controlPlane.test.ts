/** The control plane of a real server: metrics, health, events, commands over HTTP, and who is let in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  eventually,
  freePort,
  RunningServer,
  spawnEvenkeel,
  startObservedEvenkeel,
} from '../requirements.ts';
import { withWire } from './wire.ts';

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });

describe.each([
  ['one shard on a thread of its own', []],
  ['the shard on the main thread', ['--threads', '0']],
  ['two shards', ['--shards', '2']],
])('the control plane, %s', (_name, more) => {
  let running: Awaited<ReturnType<typeof startObservedEvenkeel>>;
  beforeAll(async () => {
    running = await startObservedEvenkeel(...more);
  });
  afterAll(() => running.server.stop());
  const metric = async (pattern: RegExp): Promise<number> => {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    return [...text.matchAll(new RegExp(pattern, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
  };

  it('counts what clients do', async () => {
    const before = await metric(/^evenkeel_commands_total\{.*command="set"\} (\d+)/);
    await withWire(running.port, async (wire) => {
      for (let i = 0; i < 500; i++) await wire.ask('SET', `key:${i}`, 'v');
      await wire.ask('GET', 'key:1', 'too', 'many');
    });
    await eventually(
      '500 more',
      async () => (await metric(/^evenkeel_commands_total\{.*command="set"\} (\d+)/)) === before + 500,
    );
    expect(await metric(/^evenkeel_keys\{.*db="db0"\} (\d+)/)).toBe(500);
    expect(
      await metric(/^evenkeel_request_service_duration_seconds_count\{.*command="set"\} (\d+)/),
    ).toBeGreaterThanOrEqual(500);
    expect(await metric(/^evenkeel_service_duration_seconds_sum\{.*\} ([\d.e-]+)/)).toBeGreaterThan(0);
    expect(await metric(/^evenkeel_commands_rejected_total\{.*command="get"\} (\d+)/)).toBe(1);
    expect(await metric(/^process_resident_memory_bytes (\d+)/)).toBeGreaterThan(1e7);
    expect(await metric(/^evenkeel_run_queue_wait_seconds_total\{.*\} ([\d.e-]+)/)).toBeGreaterThanOrEqual(0);
  });

  it('speaks the names of redis_exporter', async () => {
    const response = await fetch(`${running.url}/metrics/redis-exporter`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toMatch(/^redis_up 1$/m);
  });

  it('runs commands', async () => {
    const { url } = running;
    expect(await (await post(url, ['SET', 'over http', 'grüße', 'EX', 100])).json()).toEqual({
      result: 'OK',
    });
    expect(await (await post(url, ['GET', 'over http'])).json()).toEqual({ result: 'grüße' });
    expect(await (await fetch(`${url}/get/over%20http`)).json()).toEqual({ result: 'grüße' });
    expect(await (await fetch(`${url}/set/a/b?EX=50`)).json()).toEqual({ result: 'OK' });
    expect(await (await fetch(`${url}/ttl/a`)).json()).toEqual({ result: 50 });
    expect(await (await fetch(`${url}/get/missing`)).json()).toEqual({ result: null });
    const encoded = await post(url, ['GET', 'over http'], { 'Upstash-Encoding': 'base64' });
    expect(await encoded.json()).toEqual({ result: Buffer.from('grüße').toString('base64') });
    const pipeline = await post(`${url}/pipeline`, [
      ['SET', 'p', 1],
      ['INCR', 'p'],
      ['HGET', 'p', 'f'],
      ['SUBSCRIBE', 'c'],
      ['MGET', 'p', 'a'],
    ]);
    expect(await pipeline.json()).toEqual([
      { result: 'OK' },
      { result: 2 },
      { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
      { error: 'ERR SUBSCRIBE belongs to a connection of its own; over HTTP there is none' },
      { result: ['2', 'b'] },
    ]);
  });

  it('says what is wrong with a request', async () => {
    const { url } = running;
    const wrong = async (response: Response): Promise<unknown[]> => [
      response.status,
      ((await response.json()) as { error: string }).error,
    ];
    expect(await wrong(await post(url, ['NONSENSE']))).toEqual([
      400,
      expect.stringMatching(/^ERR unknown command 'NONSENSE'/),
    ]);
    expect(await wrong(await post(url, { not: 'an array' }))).toEqual([
      400,
      expect.stringContaining('JSON array'),
    ]);
    expect(await wrong(await post(url, []))).toEqual([400, expect.stringContaining('JSON array')]);
    expect(await wrong(await fetch(url, { method: 'POST', body: '{' }))).toEqual([
      400,
      expect.stringContaining('JSON array'),
    ]);
    expect(await wrong(await post(`${url}/pipeline`, ['SET', 'a', 'b']))).toEqual([
      400,
      expect.stringContaining('JSON array'),
    ]);
  });

  it('tells of what happens, once a second', async () => {
    const leave = new AbortController();
    const response = await fetch(`${running.url}/events`, { signal: leave.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if ((text.match(/\n\n/g)?.length ?? 0) >= 3) break;
    }
    leave.abort();
    const events = text
      .split('\n\n')
      .slice(0, 3)
      .map((event) => JSON.parse(event.replace(/^data: /, '')));
    expect(Array.isArray(events[0].history)).toBe(true);
    expect(events[1]).toMatchObject({
      keys: expect.any(Number),
      buckets: expect.any(Array),
      busyShare: expect.any(Number),
    });
    expect(events[2].atMs).toBeGreaterThan(events[1].atMs);
  });

  it('keeps pages of other sites and other names out', async () => {
    const { url } = running;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await post(url, ['PING'], headers)).status;
    expect(await status({ Origin: 'https://evil.example' })).toBe(403);
    expect(await status({ Origin: url })).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const page = await fetch(`${url}/metrics`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('the control plane of a server with a password', () => {
  let running: Awaited<ReturnType<typeof startObservedEvenkeel>>;
  beforeAll(async () => {
    running = await startObservedEvenkeel('--requirepass', 'geheim');
  });
  afterAll(() => running.server.stop());

  it('asks for it', async () => {
    const { url } = running;
    const status = async (path: string, authorization?: string): Promise<number> =>
      (
        await fetch(`${url}${path}`, {
          headers: authorization === undefined ? {} : { Authorization: authorization },
        })
      ).status;
    expect(await status('/healthz')).toBe(200);
    expect(await status('/metrics')).toBe(401);
    expect(await status('/metrics', 'Bearer falsch')).toBe(401);
    expect(await status('/metrics', 'Bearer geheim')).toBe(200);
    expect(await status('/metrics', `Basic ${Buffer.from('anyone:geheim').toString('base64')}`)).toBe(200);
    expect(await status('/get/x')).toBe(401);
    expect(await status('/get/x', 'Bearer geheim')).toBe(200);
  });

  it('follows a password that is changed', async () => {
    await withWire(running.port, async (wire) => {
      await wire.ask('AUTH', 'geheim');
      await wire.ask('CONFIG', 'SET', 'requirepass', 'neu');
    });
    await eventually(
      'the old one is refused',
      async () =>
        (await fetch(`${running.url}/metrics`, { headers: { Authorization: 'Bearer geheim' } })).status ===
        401,
    );
    expect((await fetch(`${running.url}/metrics`, { headers: { Authorization: 'Bearer neu' } })).status).toBe(
      200,
    );
  });
});

describe('the control plane of a server with users', () => {
  let running: Awaited<ReturnType<typeof startObservedEvenkeel>>;
  beforeAll(async () => {
    const declare = (line: string): string[] => ['--user', ...line.split(' ')];
    running = await startObservedEvenkeel(
      ...['--requirepass', 'geheim'],
      ...declare('default on >geheim ~* &* +@all'),
      ...declare('reader on >lesen ~a* -@all +get +set +info'),
      ...declare('writer on >schreiben ~a* -@all +set +acl'),
    );
  });
  afterAll(() => running.server.stop());

  const ask = async (path: string, login: string): Promise<{ status: number; text: string }> => {
    const headers = { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
    const answer = await fetch(`${running.url}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };

  it('runs commands with the rights of the user', async () => {
    expect(await ask('/set/a1/x', 'reader:lesen')).toEqual({ status: 200, text: '{"result":"OK"}' });
    expect(await ask('/get/a1', 'reader:lesen')).toEqual({ status: 200, text: '{"result":"x"}' });
    expect(await ask('/get/b', 'reader:lesen')).toEqual({
      status: 400,
      text: '{"error":"NOPERM No permissions to access a key"}',
    });
    expect((await ask('/get/a1', 'writer:schreiben')).text).toContain(
      "User writer has no permissions to run the 'get' command",
    );
    expect((await ask('/acl/whoami', 'writer:schreiben')).text).toBe('{"result":"writer"}');
    expect((await ask('/get/a1', 'reader:schreiben')).status).toBe(401);
  });

  it('shows what the user might see at the data port, and no more', async () => {
    expect((await ask('/metrics', 'reader:lesen')).status).toBe(200);
    expect((await ask('/metrics', 'writer:schreiben')).status).toBe(403);
    expect((await ask('/api/slow', 'reader:lesen')).status).toBe(403);
    expect((await ask('/api/slow', 'default:geheim')).status).toBe(200);
    expect((await ask('/acl/whoami', 'default:geheim')).text).toBe('{"result":"default"}');
  });

  it('follows users that change', async () => {
    await withWire(running.port, async (wire) => {
      await wire.ask('AUTH', 'geheim');
      expect(await wire.ask('ACL', 'SETUSER', 'reader', '-info', '>neu', '<lesen')).toBe('+OK\r\n');
    });
    await eventually(
      'the password is refused',
      async () => (await ask('/get/a1', 'reader:lesen')).status === 401,
    );
    expect((await ask('/get/a1', 'reader:neu')).text).toBe('{"result":"x"}');
    expect((await ask('/metrics', 'reader:neu')).status).toBe(403);
    await withWire(running.port, async (wire) => {
      await wire.ask('AUTH', 'geheim');
      await wire.ask('ACL', 'DELUSER', 'reader');
    });
    await eventually('the user is gone', async () => (await ask('/get/a1', 'reader:neu')).status === 401);
  });
});

describe('the port of the control plane', () => {
  it('that is taken ends the start if it was asked for, and is done without if it was not', async () => {
    const running = await startObservedEvenkeel();
    const taken = new URL(running.url).port;
    const port = await freePort();
    const asked = new RunningServer(
      0,
      spawnEvenkeel(['server', '--port', String(port), '--http-port', taken]),
    );
    try {
      await eventually('it ends', () => asked.ended !== undefined, 20_000);
      expect(asked.stderr).toBe(
        `evenkeel: port ${taken} on 127.0.0.1 is already in use; choose another with --http-port, or 0 for none\n`,
      );
      expect(asked.ended?.code).toBe(1);
    } finally {
      await asked.stop();
      await running.server.stop();
    }
  });
});
