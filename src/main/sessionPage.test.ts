/** The session's page over HTTP: who gets it, what it is told, and that a session does without it. */
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ScriptedSession } from '../lab/live/scriptedSessionFixture.ts';
import type { SessionEvent } from '../lab/live/sessionEvent.ts';
import { offerSessionPage, type RunningSessionPage, startSessionPage } from './sessionPage.ts';

let page: RunningSessionPage | undefined;
afterEach(() => page?.close());

/** Events as they come, one a call. */
async function listenTo(url: string): Promise<() => Promise<SessionEvent | undefined>> {
  const reader = (await fetch(`${url}/events`)).body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async () => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const event = JSON.parse(text.slice(0, end).replace(/^data: /, '')) as SessionEvent;
        text = text.slice(end + 2);
        return event;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
}

describe('the page of a session', () => {
  it('tells whoever comes, and comes again, the whole session first', async () => {
    const script = new ScriptedSession();
    page = await startSessionPage(script.feed, 0);
    script.plan();
    script.pairs(1);
    for (const blocks of [6, 12]) {
      const next = await listenTo(page.url);
      const event = (await next())!;
      expect(event.kind === 'session' && event.state.blocks.length).toBe(blocks);
      script.pairs(1);
      expect((await next())!.kind).toBe('started');
    }
  });

  it('ends with the session: its last event is out before the connection closes', async () => {
    const script = new ScriptedSession();
    page = await startSessionPage(script.feed, 0);
    script.plan();
    const next = await listenTo(page.url);
    expect((await next())!.kind).toBe('session');
    script.session.interruption = 'Interrupted after 0 blocks.';
    script.feed.ended(script.session);
    await page.close();
    const kinds = [];
    for (let event = await next(); event !== undefined; event = await next()) kinds.push(event.kind);
    expect(kinds).toEqual(['ratios', 'ended']);
    expect(script.feed.isPresent).toBe(false);
  });

  it('is strict about what it loads, and open to this machine under its own names only', async () => {
    const script = new ScriptedSession();
    page = await startSessionPage(script.feed, 0);
    const answer = await fetch(page.url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(script.feed.visits).toBe(1);
    const foreign = await fetch(page.url, { headers: { origin: 'http://example.org' } });
    expect(foreign.status).toBe(403);
    expect(new URL(page.url).hostname).toBe('127.0.0.1');
  });

  it('is done without in one line where its port is taken, and without a word where it is not wanted', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    );
    const lines: string[] = [];
    const { feed } = new ScriptedSession();
    expect(await offerSessionPage(feed, port, (line) => lines.push(line))).toBeUndefined();
    expect(await offerSessionPage(feed, 0, (line) => lines.push(line))).toBeUndefined();
    taken.close();
    expect(lines).toEqual([
      `No live page: port ${port} is taken; going on without (--live-port N for another port).`,
    ]);
  });
});
