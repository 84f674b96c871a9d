/** Where a shard lets clients in: TCP, TLS and a unix socket, as the configuration says. */
import type { Log } from '../ports/log.ts';
import type { Listener, Net } from '../ports/net.ts';
import type { TlsSettings } from '../ports/real/tlsSettings.ts';
import type { TlsListener } from '../ports/real/tlsSockets.ts';
import type { Configuration } from '../server/configuration/configuration.ts';
import type { Shard } from '../server/shard.ts';
import { AddressProbe } from './addressProbe.ts';
import type { ShardPlace } from './shardWorker.ts';

/** A start that failed for a reason the operator can mend; one line. */
export class StartError extends Error {
  readonly code = 'START';
}

export interface OpenListener extends Listener {
  readonly kind: 'tcp' | 'tls' | 'unix';
}

/** The parameters that a TLS listener is made of. */
const TLS_PARAMETERS = [
  'tls-cert-file',
  'tls-key-file',
  'tls-key-file-pass',
  'tls-ca-cert-file',
  'tls-ca-cert-dir',
  'tls-dh-params-file',
  'tls-auth-clients',
  'tls-protocols',
  'tls-ciphers',
  'tls-ciphersuites',
  'tls-prefer-server-ciphers',
  'tls-session-caching',
  'tls-session-cache-size',
  'tls-session-cache-timeout',
];

/** The first shard makes sure that the addresses are free before any shard shares them, and has the unix socket for itself. */
export async function listenAsPlaced(
  shard: Shard,
  configuration: Configuration,
  net: Net,
  log: Log,
  place: ShardPlace | undefined,
): Promise<OpenListener[]> {
  const listeners: OpenListener[] = [];
  const [port, tlsPort] = [configuration.number('port'), configuration.number('tls-port')];
  const path = configuration.text('unixsocket');
  if (port === 0 && tlsPort === 0 && path === '')
    throw new StartError('nothing to listen on: give a --port, a --tls-port or a --unixsocket');
  const isShared = place !== undefined;
  try {
    if (place?.index === 0) {
      for (const each of [port, tlsPort])
        if (each !== 0)
          await listenOnAll(configuration, each, false, 'tcp', new AddressProbe().listen, shard);
    }
    if (port !== 0)
      listeners.push(
        ...(await listenOnAll(configuration, port, isShared, 'tcp', net.listen.bind(net), shard)),
      );
    if (tlsPort !== 0)
      listeners.push(...(await listenTlsOnAll(shard, configuration, tlsPort, log, isShared)));
    if (path !== '' && (place === undefined || place.index === 0))
      listeners.push(await listenUnix(shard, configuration, path));
    return listeners;
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
}

async function listenTlsOnAll(
  shard: Shard,
  configuration: Configuration,
  port: number,
  log: Log,
  reusePort: boolean,
): Promise<OpenListener[]> {
  const { listenTls } = await import('../ports/real/tlsSockets.ts');
  const failed = (reason: string): void =>
    log.write('verbose', `Error accepting a client connection: ${reason}`);
  const settings = tlsSettings(configuration);
  const opened: TlsListener[] = [];
  const listeners = await listenOnAll(
    configuration,
    port,
    reusePort,
    'tls',
    async (options, onConnection) => {
      const listener = await listenTls(options, settings, onConnection, failed);
      opened.push(listener);
      return listener;
    },
    shard,
  );
  const renew = (): string | undefined => {
    try {
      for (const listener of opened) listener.renew(tlsSettings(configuration));
      return undefined;
    } catch (error) {
      log.write('warning', `Failed to configure TLS: ${(error as Error).message}`);
      return 'Unable to update TLS configuration. Check server logs.';
    }
  };
  for (const name of TLS_PARAMETERS) configuration.onChange(name, renew);
  return listeners;
}

const tlsSettings = (configuration: Configuration): TlsSettings => ({
  certFile: configuration.text('tls-cert-file'),
  keyFile: configuration.text('tls-key-file'),
  keyFilePass: configuration.text('tls-key-file-pass'),
  caCertFile: configuration.text('tls-ca-cert-file'),
  caCertDir: configuration.text('tls-ca-cert-dir'),
  dhParamsFile: configuration.text('tls-dh-params-file'),
  authClients: configuration.text('tls-auth-clients') as TlsSettings['authClients'],
  protocols: configuration.text('tls-protocols'),
  ciphers: configuration.text('tls-ciphers'),
  ciphersuites: configuration.text('tls-ciphersuites'),
  prefersServerCiphers: configuration.flag('tls-prefer-server-ciphers'),
  cachesSessions: configuration.flag('tls-session-caching'),
  sessionsMax: configuration.number('tls-session-cache-size'),
  sessionTimeoutSec: configuration.number('tls-session-cache-timeout'),
});

async function listenUnix(shard: Shard, configuration: Configuration, path: string): Promise<OpenListener> {
  const { NetSockets } = await import('../ports/real/netSockets.ts');
  try {
    const listener = await new NetSockets().listenUnix(
      {
        path,
        permissions: configuration.number('unixsocketperm'),
        backlog: configuration.number('tcp-backlog'),
      },
      (socket) => shard.accept(socket),
    );
    return { ...listener, kind: 'unix' };
  } catch (error) {
    throw new StartError(unixFailure(error as NodeJS.ErrnoException, path));
  }
}

function unixFailure({ code, message }: NodeJS.ErrnoException, path: string): string {
  if (code === 'EADDRINUSE') return `unixsocket ${path}: another server listens there, or it is no socket`;
  // libuv does not tell the two apart.
  if (code === 'EACCES') return `unixsocket ${path}: no such folder, or no permission to write to it`;
  return `unixsocket ${path}: ${message}`;
}

/** On every address of `bind`. */
async function listenOnAll(
  configuration: Configuration,
  port: number,
  reusePort: boolean,
  kind: 'tcp' | 'tls',
  listen: Net['listen'],
  shard: Shard,
): Promise<OpenListener[]> {
  const listeners: OpenListener[] = [];
  for (const bind of configuration
    .text('bind')
    .split(' ')
    .filter((word) => word !== '')) {
    // Redis's notation: a leading '-' means that this address may be missing on the machine.
    const optional = bind.startsWith('-');
    const host = bindAddress(optional ? bind.slice(1) : bind);
    const backlog = configuration.number('tcp-backlog');
    try {
      const listener = await listen({ host, port, backlog, reusePort }, (socket) => shard.accept(socket));
      listeners.push(opened(listener, kind));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (optional && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) continue;
      for (const listener of listeners) listener.close();
      throw new StartError(listenFailure(code, host, port, kind, (error as Error).message));
    }
  }
  if (listeners.length === 0)
    throw new StartError(`no address to listen on: 'bind' is '${configuration.text('bind')}'`);
  return listeners;
}

const opened = (listener: Listener, kind: OpenListener['kind']): OpenListener => ({
  kind,
  address: listener.address,
  port: listener.port,
  fd: listener.fd,
  close: () => listener.close(),
});

const bindAddress = (word: string): string => (word === '*' ? '0.0.0.0' : word === '::*' ? '::' : word);

function listenFailure(code: string, host: string, port: number, kind: string, message: string): string {
  const where = `${host}:${port}`;
  const option = kind === 'tls' ? '--tls-port' : '--port';
  if (code === 'TLS_SETTINGS') return message;
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is already in use; choose another with ${option}, or stop what listens there`;
  if (code === 'EACCES')
    return `no permission to listen on ${where}; ports below 1024 need root, choose one above with ${option}`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL')
    return `${host} is not an address of this machine; use --host 127.0.0.1, 0.0.0.0 or one of its own addresses`;
  return `cannot listen on ${where}: ${message}`;
}
