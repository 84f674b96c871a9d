/** SIGTERM, SIGINT and SHUTDOWN: what was promised is delivered, then the process ends with 0. */
import { afterEach, describe, expect, it } from 'vitest';
import { answersPing, eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { encode, Wire } from './wire.ts';

const VALUE_BYTES = 1024 * 1024;
const REPLIES = 12;

describe.each([0, 1] as const)('the end of a server, --threads %i', (threads) => {
  let server: RunningServer;
  const wires: Wire[] = [];
  const start = async (): Promise<Wire> => {
    server = await startEvenkeel({ threads });
    return connect();
  };
  const connect = async (): Promise<Wire> => {
    const wire = await Wire.open(server.port);
    wires.push(wire);
    return wire;
  };
  const ended = (): Promise<void> => eventually('the process ends', () => server.ended !== undefined, 5000);
  afterEach(async () => {
    for (const wire of wires.splice(0)) wire.close();
    await server.stop();
  });

  /** Leaves megabytes of replies waiting in the server for a client that does not read. */
  const leaveRepliesPending = async (): Promise<Wire> => {
    const reader = await start();
    await reader.ask('SET', 'large', Buffer.alloc(VALUE_BYTES, 'x'));
    reader.connection.setReading(false);
    for (let i = 0; i < REPLIES; i++) reader.send('GET', 'large');
    const observer = await connect();
    await eventually('the replies wait', async () => {
      const own = (await observer.ask('CLIENT', 'LIST')).split('\n').find((line) => line.includes('cmd=get'));
      return Number(/ omem=(\d+)/.exec(own ?? '')?.[1] ?? 0) > 2 * VALUE_BYTES;
    });
    return reader;
  };

  const expectAllReplies = async (reader: Wire): Promise<void> => {
    reader.connection.setReading(true);
    const replies = await reader.connection.receive(REPLIES);
    for (const reply of replies) expect(reply.length).toBe(`$${VALUE_BYTES}\r\n`.length + VALUE_BYTES + 2);
  };

  it('SIGTERM: replies already written are delivered, nobody new is let in, exit code 0', async () => {
    const reader = await leaveRepliesPending();
    process.kill(server.pid, 'SIGTERM');
    await eventually('nobody new is let in', async () => !(await answersPing(server.port)));
    await expectAllReplies(reader);
    await eventually('the connection ends', () => reader.closed);
    await ended();
    expect(server.ended).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
  });

  it('SIGTERM twice, as supervisors do that signal the group as well: still 0', async () => {
    const reader = await leaveRepliesPending();
    process.kill(server.pid, 'SIGTERM');
    await eventually('the end has begun', async () => !(await answersPing(server.port)));
    process.kill(server.pid, 'SIGTERM');
    await expectAllReplies(reader);
    await ended();
    expect(server.ended).toEqual({ code: 0, signal: null });
  });

  it('SIGTERM with a client that never reads: the end comes all the same', async () => {
    await leaveRepliesPending();
    process.kill(server.pid, 'SIGTERM');
    await ended();
    expect(server.ended).toEqual({ code: 0, signal: null });
  });

  it('SIGINT with idle clients: they are disconnected, exit code 0', async () => {
    const idle = await start();
    process.kill(server.pid, 'SIGINT');
    await eventually('the idle client is disconnected', () => idle.closed);
    await ended();
    expect(server.ended).toEqual({ code: 0, signal: null });
  });

  it('SHUTDOWN: commands before it in the pipeline are answered, itself it is not, exit code 0', async () => {
    const wire = await start();
    const bystander = await connect();
    await bystander.ask('SET', 'large', Buffer.alloc(VALUE_BYTES, 'x'));
    const pipeline = [
      ['SET', 'a', '1'],
      ['GET', 'large'],
      ['SHUTDOWN', 'NOSAVE'],
      ['SET', 'a', '2'],
    ];
    wire.sendBytes(Buffer.concat(pipeline.map(encode)));
    expect(await wire.reply()).toBe('+OK\r\n');
    expect(await wire.reply()).toHaveLength(`$${VALUE_BYTES}\r\n`.length + VALUE_BYTES + 2);
    await eventually('both connections end', () => wire.closed && bystander.closed);
    expect(wire.connection.unread.toString('latin1')).toBe('');
    await ended();
    expect(server.ended).toEqual({ code: 0, signal: null });
  });

  it('SHUTDOWN with wrong words: refused, and the server goes on', async () => {
    const wire = await start();
    expect(await wire.ask('SHUTDOWN', 'LATER')).toBe('-ERR syntax error\r\n');
    expect(await wire.ask('SHUTDOWN', 'SAVE', 'NOSAVE')).toBe('-ERR syntax error\r\n');
    expect(await wire.ask('SHUTDOWN', 'ABORT')).toBe('-ERR No shutdown in progress.\r\n');
    expect(await wire.ask('PING')).toBe('+PONG\r\n');
  });
});
