/** TLS: certificates of both sides, versions and ciphers, exchange at run time, and what a start says that cannot be. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RespConnection } from '../differential/respConnection.ts';
import {
  eventually,
  freePort,
  needing,
  RunningServer,
  spawnEvenkeel,
  startEvenkeel,
  startUntilReady,
} from '../requirements.ts';
import { Authority, encryptKey, hasOpenssl, type Pair } from './certificates.ts';
import { Wire } from './wire.ts';

const openssl = hasOpenssl() ? 'openssl' : undefined;

describe.skipIf(openssl === undefined)(needing('TLS', 'openssl', openssl), () => {
  let folder: string;
  let authority: Authority;
  let stranger: Authority;
  let server: Pair;
  let client: Pair;
  let port: number;
  const servers: RunningServer[] = [];
  const wires: Wire[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    authority = new Authority(join(folder, 'ours'), 'authority');
    stranger = new Authority(join(folder, 'theirs'), 'stranger');
    server = authority.sign('server');
    client = authority.sign('client');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const wire of wires.splice(0)) wire.close();
    await Promise.all(servers.splice(0).map((each) => each.stop()));
  });

  /** Options for a server whose TLS port is `port`. */
  const tlsArguments = async (...more: string[]): Promise<string[]> => {
    port = await freePort();
    const files = ['--tls-cert-file', server.cert, '--tls-key-file', server.key];
    return ['--tls-port', String(port), ...files, '--tls-ca-cert-file', authority.cert, ...more];
  };
  /** Without a plain port. */
  const start = async (...more: string[]): Promise<void> => {
    const args = ['--port', '0', '--host', '127.0.0.1', ...(await tlsArguments(...more))];
    servers.push(await startUntilReady(args));
  };
  const load = (pair: Pair | undefined): tls.ConnectionOptions =>
    pair === undefined ? {} : { cert: readFileSync(pair.cert), key: readFileSync(pair.key) };
  const connect = (pair: Pair | undefined, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> =>
    new Promise((resolve, reject) => {
      const socket = tls.connect({
        port,
        host: '127.0.0.1',
        ca: readFileSync(authority.cert),
        ...load(pair),
        ...options,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        // What the server says to a certificate of TLS 1.3 comes later.
        socket.on('error', () => {});
        resolve(socket);
      });
    });
  const open = async (pair: Pair | undefined, options?: tls.ConnectionOptions): Promise<Wire> => {
    const wire = new Wire(RespConnection.of(await connect(pair, options)));
    wires.push(wire);
    return wire;
  };
  /** PING's answer, or that there was none. */
  const greeting = async (pair: Pair | undefined, options?: tls.ConnectionOptions): Promise<string> => {
    try {
      return await (await open(pair, options)).ask('PING');
    } catch {
      return 'turned away';
    }
  };
  const PONG = '+PONG\r\n';

  describe.each([
    ['all', 1],
    ['none', 1],
    ['default', 0],
  ] as const)('flags %s, --threads %i', (flags, threads) => {
    it('serves beside the plain port, large and small, pipelined and in pieces', async () => {
      const running = await startEvenkeel({ flags, threads, arguments: await tlsArguments() });
      servers.push(running);
      const wire = await open(client);
      const plain = await Wire.open(running.port);
      wires.push(plain);
      const value = Buffer.alloc(5_000_000, 'x');
      expect(await wire.ask('SET', 'large', value)).toBe('+OK\r\n');
      for (let i = 0; i < 3; i++) wire.send('GET', 'large');
      for (const reply of await wire.connection.receive(3)) expect(reply.length).toBe(5_000_012);
      for (let i = 0; i < 1000; i++) wire.send('INCR', 'n');
      expect((await wire.connection.receive(1000)).at(-1)!.toString()).toBe(':1000\r\n');
      expect(await plain.ask('GET', 'n')).toBe('$4\r\n1000\r\n');
      await wire.ask('SUBSCRIBE', 'x');
      expect(await plain.ask('PUBLISH', 'x', 'y')).toBe(':1\r\n');
      expect(await wire.reply()).toContain('message');
      expect(await plain.ask('CLIENT', 'LIST')).toMatch(/ addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:/);
      expect(await plain.ask('INFO', 'server')).toContain(`port=${port}\r\n`);
      expect(running.stdout).toContain(`127.0.0.1:${port} (TLS)`);
      // Bytes that are no handshake, and a client that goes in the middle of one.
      const confused = await Wire.open(port);
      confused.sendBytes('PING\r\n');
      await eventually('it is turned away', () => confused.closed);
      expect(await plain.ask('PING')).toBe(PONG);
    });
  });

  it('tls-auth-clients yes, optional, no: at start and at run time', async () => {
    await start();
    const foreign = stranger.sign('foreign');
    const greetings = async (): Promise<string[]> =>
      Promise.all([greeting(client), greeting(undefined), greeting(foreign)]);
    expect(await greetings()).toEqual([PONG, 'turned away', 'turned away']);
    const wire = await open(client);
    expect(await wire.ask('CONFIG', 'SET', 'tls-auth-clients', 'optional')).toBe('+OK\r\n');
    expect(await greetings()).toEqual([PONG, PONG, 'turned away']);
    expect(await wire.ask('CONFIG', 'SET', 'tls-auth-clients', 'no')).toBe('+OK\r\n');
    expect(await greetings()).toEqual([PONG, PONG, PONG]);
    expect(await wire.ask('CONFIG', 'SET', 'tls-auth-clients', 'yes')).toBe('+OK\r\n');
    expect(await greetings()).toEqual([PONG, 'turned away', 'turned away']);
  });

  it('takes who signs from a folder, and a key behind a password', async () => {
    const encrypted = encryptKey(server.key, 'secret');
    const args = ['--tls-ca-cert-file', '', '--tls-ca-cert-dir', join(folder, 'theirs')];
    await start(...args, '--tls-key-file', encrypted, '--tls-key-file-pass', 'secret');
    expect(await greeting(stranger.sign('friend'))).toBe(PONG);
    expect(await greeting(client)).toBe('turned away');
  });

  it('exchanges certificates for connections to come, and keeps the old ones if the new are bad', async () => {
    const current = { cert: join(folder, 'current.crt'), key: join(folder, 'current.key') };
    const put = (pair: Pair): void => {
      for (const kind of ['cert', 'key'] as const) {
        writeFileSync(`${current[kind]}.new`, readFileSync(pair[kind]));
        renameSync(`${current[kind]}.new`, current[kind]);
      }
    };
    put(server);
    await start('--tls-auth-clients', 'no', '--tls-cert-file', current.cert, '--tls-key-file', current.key);
    const shown = async (): Promise<string> =>
      String((await connect(undefined)).getPeerCertificate().subject.CN);
    const wire = await open(undefined);
    expect(await shown()).toBe('server');
    put(authority.sign('renewed'));
    // The same names, read again.
    const again = ['tls-cert-file', current.cert, 'tls-key-file', current.key];
    expect(await wire.ask('CONFIG', 'SET', ...again)).toBe('+OK\r\n');
    expect(await shown()).toBe('renewed');
    expect(await wire.ask('PING')).toBe(PONG);
    const nowhere = join(folder, 'nowhere');
    expect(await wire.ask('CONFIG', 'SET', 'tls-cert-file', nowhere)).toBe(
      "-ERR CONFIG SET failed (possibly related to argument 'tls-cert-file') - Unable to update TLS configuration. Check server logs.\r\n",
    );
    expect(await wire.ask('CONFIG', 'SET', 'tls-key-file', client.key)).toContain('Unable to update TLS');
    expect(await wire.ask('CONFIG', 'GET', 'tls-cert-file')).toContain(current.cert);
    expect(servers[0]!.stderr + servers[0]!.stdout).toContain(`tls-cert-file ${nowhere}: no such file`);
    expect(await shown()).toBe('renewed');
  });

  it('versions and ciphers', async () => {
    await start(
      '--tls-auth-clients',
      'no',
      '--tls-protocols',
      'TLSv1.2',
      '--tls-ciphers',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    );
    const first = await connect(undefined);
    expect([first.getProtocol(), first.getCipher().name]).toEqual([
      'TLSv1.2',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    ]);
    await expect(connect(undefined, { minVersion: 'TLSv1.3' })).rejects.toThrow();
    await expect(connect(undefined, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).rejects.toThrow();
    const wire = await open(undefined);
    await wire.ask(
      'CONFIG',
      'SET',
      'tls-protocols',
      'TLSv1.3',
      'tls-ciphersuites',
      'TLS_CHACHA20_POLY1305_SHA256',
    );
    const second = await connect(undefined);
    expect([second.getProtocol(), second.getCipher().name]).toEqual([
      'TLSv1.3',
      'TLS_CHACHA20_POLY1305_SHA256',
    ]);
    expect(await wire.ask('CONFIG', 'SET', 'tls-protocols', 'SSLv3')).toContain('Unable to update TLS');
    for (const socket of [first, second]) socket.destroy();
  });

  it.each(['yes', 'no'])('session caching %s', async (caching) => {
    await start('--tls-auth-clients', 'no', '--tls-session-caching', caching, '--tls-protocols', 'TLSv1.2');
    const first = await connect(undefined);
    const session = first.getSession()!;
    first.destroy();
    const second = await connect(undefined, { session });
    expect(second.isSessionReused()).toBe(caching === 'yes');
    second.destroy();
  });

  it('of several shards, all of them', async () => {
    await start('--shards', '2');
    const all = await Promise.all(Array.from({ length: 16 }, () => open(client)));
    for (const [i, wire] of all.entries()) expect(await wire.ask('SET', `k${i}`, 'v')).toBe('+OK\r\n');
    expect(await all[0]!.ask('DBSIZE')).toBe(':16\r\n');
    expect(await all[0]!.ask('CONFIG', 'SET', 'tls-auth-clients', 'no')).toBe('+OK\r\n');
    for (let i = 0; i < 16; i++) expect(await greeting(undefined)).toBe(PONG);
  });

  it('ioredis', async () => {
    await start('--requirepass', 'secret');
    const redis = new Redis({
      port,
      host: '127.0.0.1',
      password: 'secret',
      tls: { ca: readFileSync(authority.cert), ...load(client) },
    });
    try {
      await redis.set('k', 'v');
      expect(await redis.pipeline().get('k').incr('n').exec()).toEqual([
        [null, 'v'],
        [null, 1],
      ]);
    } finally {
      redis.disconnect();
    }
  });

  it('a start that cannot be says why in one line', async () => {
    const refusal = async (...more: string[]): Promise<string> => {
      const args = ['server', '--http-port', '0', '--port', '0', '--host', '127.0.0.1'];
      const child = spawnEvenkeel([...args, ...(await tlsArguments(...more))]);
      const running = new RunningServer(0, child);
      servers.push(running);
      await eventually('it has ended', () => running.ended !== undefined);
      expect(running.ended!.code).toBe(1);
      expect(running.stderr.split('\n')).toHaveLength(2);
      return running.stderr;
    };
    const text = join(folder, 'text');
    writeFileSync(text, 'no certificate');
    expect(await refusal('--tls-cert-file', '')).toBe('evenkeel: tls-port needs a tls-cert-file\n');
    expect(await refusal('--tls-key-file', '')).toBe('evenkeel: tls-port needs a tls-key-file\n');
    expect(await refusal('--tls-ca-cert-file', '')).toContain('tls-auth-clients needs a tls-ca-cert-file');
    expect(await refusal('--tls-cert-file', join(folder, 'x'))).toContain('/x: no such file\n');
    expect(await refusal('--tls-cert-file', text)).toContain(`tls-cert-file ${text}: `);
    expect(await refusal('--tls-key-file', client.key)).toContain(`tls-key-file ${client.key}: `);
    expect(await refusal('--tls-key-file', encryptKey(client.key, 'x'))).toContain('tls-key-file');
    expect(await refusal('--tls-ca-cert-file', text)).toContain('no certificate in it');
    expect(await refusal('--tls-ca-cert-dir', join(folder, 'x'))).toContain('tls-ca-cert-dir');
    expect(await refusal('--tls-protocols', 'TLSv9')).toContain("tls-protocols 'TLSv9': use a combination");
    expect(await refusal('--tls-ciphers', 'NOSUCH')).toContain('tls-ciphers');
  });
});
