/** BullMQ, unmodified, over ioredis and over node-redis: queues are Lua scripts, streams for events and blocking pops. */
import {
  createNodeRedisClient,
  DelayedError,
  FlowProducer,
  type Job,
  Queue,
  QueueEvents,
  type RedisConnectionClient,
  UnrecoverableError,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

describe.each(['ioredis', 'node-redis'])('BullMQ over %s', (kind) => {
  let server: RunningServer;
  let observer: Redis;
  let queue: Queue;
  /** Ended after each test, workers before what they use. */
  let open: { close(): Promise<unknown> }[];
  /** Names of jobs in the order in which they ended. */
  let done: string[];
  let queueCount = 0;

  /** A connection of its own for each who asks, as one gives it to BullMQ. */
  const connection = async (): Promise<RedisConnectionClient> => {
    if (kind === 'ioredis') {
      const client = new Redis(server.port, { maxRetriesPerRequest: null });
      open.unshift({ close: async () => client.disconnect() });
      return client;
    }
    const client = createClient({ socket: { host: '127.0.0.1', port: server.port } }).on('error', () => {});
    await client.connect();
    open.unshift({ close: async () => client.isOpen && client.destroy() });
    return createNodeRedisClient(client);
  };
  const ended = <T extends { close(): Promise<unknown> }>(opened: T): T => {
    open.push(opened);
    return opened;
  };
  const startWorker = async (
    run: (job: Job) => Promise<unknown> = async () => {},
    options: Partial<WorkerOptions> = {},
  ): Promise<Worker> => {
    const worker = ended(new Worker(queue.name, run, { ...options, connection: await connection() }));
    worker.on('completed', ({ name }) => done.push(name));
    worker.on('error', () => {});
    await worker.waitUntilReady();
    return worker;
  };
  const count = (...states: Parameters<Queue['getJobCounts']>) => queue.getJobCounts(...states);

  beforeAll(async () => {
    server = await startServerUnderTest();
    observer = new Redis(server.port);
  });
  afterAll(async () => {
    observer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    open = [];
    done = [];
    queue = ended(new Queue(`queue${queueCount++}`, { connection: await connection() }));
  });
  afterEach(async () => {
    for (const each of open.reverse()) await each.close();
    await observer.flushall();
  });

  it('runs jobs in their order and keeps what they returned', async () => {
    const jobs = await queue.addBulk(
      Array.from({ length: 20 }, (_, i) => ({ name: `job ${i}`, data: { number: i, text: 'ключ 🔑' } })),
    );
    expect(await count('waiting', 'completed')).toEqual({ waiting: 20, completed: 0 });
    await startWorker(async ({ data }) => ({ twice: data.number * 2, text: data.text }));
    await eventually('all are done', () => done.length === 20);
    expect(done).toEqual(jobs.map(({ name }) => name));
    expect(await count('waiting', 'active', 'completed')).toEqual({ waiting: 0, active: 0, completed: 20 });
    expect((await queue.getJob(jobs[7]!.id!))!.returnvalue).toEqual({ twice: 14, text: 'ключ 🔑' });
  });

  it('runs what is added while a worker waits', async () => {
    await startWorker();
    await eventually('the worker blocks', async () =>
      (await observer.info('clients')).includes('blocked_clients:1'),
    );
    await queue.add('late', {});
    await eventually('it ran', () => done.includes('late'));
  });

  it('runs each job once with two workers that run several at a time', async () => {
    const runs = new Map<string, number>();
    const busy = [0, 0];
    const busyMax = [0, 0];
    const work = (worker: number) => async (job: Job) => {
      busyMax[worker] = Math.max(busyMax[worker]!, ++busy[worker]!);
      runs.set(job.name, (runs.get(job.name) ?? 0) + 1);
      await observer.ping();
      busy[worker]!--;
    };
    await queue.addBulk(Array.from({ length: 200 }, (_, i) => ({ name: `job ${i}`, data: {} })));
    await startWorker(work(0), { concurrency: 5 });
    await startWorker(work(1), { concurrency: 5 });
    await eventually('all are done', () => done.length === 200);
    expect(runs.size).toBe(200);
    expect([...runs.values()].every((times) => times === 1)).toBe(true);
    expect(Math.max(...busyMax)).toBeLessThanOrEqual(5);
    expect(Math.max(...busyMax)).toBeGreaterThan(1);
  });

  it('prefers what has priority, and the last where asked to', async () => {
    await queue.add('low', {}, { priority: 10 });
    await queue.add('high', {}, { priority: 1 });
    await queue.add('middle', {}, { priority: 5 });
    await queue.add('at once', {});
    await queue.add('before it', {}, { lifo: true });
    const promoted = await queue.add('raised', {}, { priority: 100 });
    await promoted.changePriority({ priority: 2 });
    expect(await count('waiting', 'prioritized')).toEqual({ waiting: 2, prioritized: 4 });
    await startWorker();
    await eventually('all are done', () => done.length === 6);
    expect(done).toEqual(['before it', 'at once', 'high', 'raised', 'middle', 'low']);
  });

  it('delays jobs, and promotes them', async () => {
    await queue.add('second', {}, { delay: 250 });
    await queue.add('first', {}, { delay: 50 });
    const never = await queue.add('promoted', {}, { delay: 3_600_000 });
    expect(await count('delayed')).toEqual({ delayed: 3 });
    await startWorker();
    await eventually('both are done', () => done.length === 2);
    expect(done).toEqual(['first', 'second']);
    await never.promote();
    await eventually('the promoted one is done', () => done.length === 3);
    expect(await count('delayed', 'completed')).toEqual({ delayed: 0, completed: 3 });
  });

  it('lets a job delay itself', async () => {
    let runs = 0;
    await startWorker(async (job, token?: string) => {
      if (++runs > 1) return;
      await job.moveToDelayed(Date.now() + 30, token);
      throw new DelayedError();
    });
    await queue.add('later', {});
    await eventually('it is done', () => done.length === 1);
    expect(runs).toBe(2);
  });

  it('repeats by a scheduler', async () => {
    await queue.upsertJobScheduler('every', { every: 60, limit: 3 }, { name: 'repeated', data: { of: 1 } });
    await queue.upsertJobScheduler('yearly', { pattern: '0 0 1 1 *' }, { name: 'new year' });
    const schedulers = await queue.getJobSchedulers();
    expect(schedulers.map(({ key }) => key).sort()).toEqual(['every', 'yearly']);
    const data: unknown[] = [];
    await startWorker(async (job) => data.push(job.data));
    await eventually('three have run', () => done.length === 3);
    expect(done).toEqual(['repeated', 'repeated', 'repeated']);
    expect(data).toEqual([{ of: 1 }, { of: 1 }, { of: 1 }]);
    expect((await queue.getJobScheduler('yearly'))!.pattern).toBe('0 0 1 1 *');
    expect(await queue.removeJobScheduler('yearly')).toBe(true);
    expect(await queue.removeJobScheduler('yearly')).toBe(false);
    expect(await count('delayed')).toEqual({ delayed: 0 });
  });

  it('tries again, and fails in the end', async () => {
    const attempts: string[] = [];
    await startWorker(async (job) => {
      attempts.push(`${job.name} ${job.attemptsMade}`);
      if (job.name === 'hopeless') throw new UnrecoverableError('no use');
      if (job.name === 'failing' || job.attemptsMade < 2) throw new Error(`attempt ${job.attemptsMade}`);
      return 'at last';
    });
    const options = { attempts: 3, backoff: { type: 'fixed', delay: 10 } };
    const stubborn = await queue.add('stubborn', {}, options);
    const failing = await queue.add('failing', {}, { attempts: 2 });
    const hopeless = await queue.add('hopeless', {}, options);
    await eventually('all have ended', async () => {
      const { completed, failed } = await count('completed', 'failed');
      return completed === 1 && failed === 2;
    });
    const of = (name: string) => attempts.filter((each) => each.startsWith(name));
    expect(of('stubborn')).toEqual(['stubborn 0', 'stubborn 1', 'stubborn 2']);
    expect(of('failing')).toEqual(['failing 0', 'failing 1']);
    expect(of('hopeless')).toEqual(['hopeless 0']);
    expect((await queue.getJob(stubborn.id!))!.returnvalue).toBe('at last');
    const failed = (await queue.getJob(failing.id!))!;
    expect(failed.failedReason).toBe('attempt 1');
    expect(failed.stacktrace).toHaveLength(2);
    expect((await queue.getJob(hopeless.id!))!.failedReason).toBe('no use');
    await failed.retry();
    await eventually('it has failed again', () => of('failing').length === 3);
  });

  it('runs parents after their children', async () => {
    const flows = ended(new FlowProducer({ connection: await connection() }));
    const child = (name: string) => ({ name, queueName: queue.name, data: { name } });
    const tree = await flows.add({
      name: 'parent',
      queueName: queue.name,
      children: [{ ...child('left'), children: [child('leaf 1'), child('leaf 2')] }, child('right')],
    });
    expect(await tree.job.getState()).toBe('waiting-children');
    expect(await count('waiting-children', 'waiting')).toEqual({ 'waiting-children': 2, waiting: 3 });
    await startWorker(async (job) => {
      const below = Object.values(await job.getChildrenValues<string>()).sort();
      return below.length === 0 ? job.name : `${job.name}(${below.join(', ')})`;
    });
    await eventually('the parent is done', () => done.includes('parent'));
    expect(done.at(-1)).toBe('parent');
    expect(done.indexOf('left')).toBeGreaterThan(Math.max(done.indexOf('leaf 1'), done.indexOf('leaf 2')));
    expect((await queue.getJob(tree.job.id!))!.returnvalue).toBe('parent(left(leaf 1, leaf 2), right)');
  });

  it('tells of events, and waits for a job by them', async () => {
    const events = ended(new QueueEvents(queue.name, { connection: await connection() }));
    await events.waitUntilReady();
    const seen: string[] = [];
    events.on('added', ({ name }) => seen.push(`added ${name}`));
    events.on('active', () => seen.push('active'));
    events.on('progress', ({ data }) => seen.push(`progress ${data}`));
    events.on('completed', ({ returnvalue }) => seen.push(`completed ${returnvalue}`));
    events.on('failed', ({ failedReason }) => seen.push(`failed ${failedReason}`));
    // It reads from the stream's end on: only once it blocks there is nothing missed.
    await eventually('it reads', async () => (await observer.info('clients')).includes('blocked_clients:1'));
    await startWorker(async (job) => {
      await job.updateProgress(50);
      await job.log('half');
      if (job.name === 'bad') throw new Error('broken');
      return 'fine';
    });
    const good = await queue.add('good', {});
    expect(await good.waitUntilFinished(events, 10_000)).toBe('fine');
    const bad = await queue.add('bad', {});
    await expect(bad.waitUntilFinished(events, 10_000)).rejects.toThrow('broken');
    await eventually('all events are there', () => seen.length === 8);
    expect(seen).toEqual(
      ['added good', 'active', 'progress 50', 'completed fine'].concat([
        'added bad',
        'active',
        'progress 50',
        'failed broken',
      ]),
    );
    expect((await queue.getJobLogs(good.id!)).logs).toEqual(['half']);
  });

  it('does not add a job twice, removes, drains and obliterates', async () => {
    await queue.add('one', { n: 1 }, { jobId: 'same' });
    await queue.add('two', { n: 2 }, { jobId: 'same' });
    expect((await queue.getJob('same'))!.data).toEqual({ n: 1 });
    expect(await queue.remove('same')).toBe(1);
    await queue.addBulk(Array.from({ length: 50 }, (_, i) => ({ name: `job ${i}`, data: {} })));
    expect((await queue.getWaiting(10, 12)).map(({ name }) => name)).toEqual(['job 10', 'job 11', 'job 12']);
    await queue.drain();
    expect(await queue.count()).toBe(0);
    await queue.add('last', {});
    await queue.obliterate({ force: true });
    expect(await observer.keys(`bull:${queue.name}:*`)).toEqual([]);
  });

  it('pauses, resumes, and holds to a rate limit', async () => {
    await queue.pause();
    await startWorker(async () => {}, { limiter: { max: 2, duration: 100 } });
    await queue.addBulk(Array.from({ length: 5 }, (_, i) => ({ name: `job ${i}`, data: {} })));
    expect(await queue.isPaused()).toBe(true);
    expect(done).toEqual([]);
    await queue.resume();
    await eventually('all are done', () => done.length === 5);
    expect(done).toEqual(['job 0', 'job 1', 'job 2', 'job 3', 'job 4']);
  });
});
