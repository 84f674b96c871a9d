/** INFO's sections about the server itself, its clients and its databases. */
import type { Configuration } from '../../../configuration/configuration.ts';
import { lruClock } from '../../../keyspace/access.ts';
import type { Database } from '../../../keyspace/database.ts';
import { NO_EXPIRY } from '../../../keyspace/keyspace.ts';
import { REDIS_VERSION_COMPATIBLE } from '../../../serverState.ts';
import type { CommandContext } from '../../command.ts';

const SEC_PER_DAY = 86_400;

export function serverSection({ nowMs, server }: CommandContext): string[] {
  const { configuration, identity, process: host } = server;
  const uptimeSec = Math.max(0, Math.floor((nowMs - identity.startedMs) / 1000));
  const hz = configuration.number('hz');
  const addresses = configuration
    .text('bind')
    .split(' ')
    .filter((address) => address !== '');
  return [
    `redis_version:${REDIS_VERSION_COMPATIBLE}`,
    `redis_git_sha1:${identity.gitSha.slice(0, 8)}`,
    'redis_git_dirty:0',
    `redis_build_id:${identity.gitSha.slice(0, 16)}`,
    'redis_mode:standalone',
    `os:${host.platform}`,
    `arch_bits:${host.architectureBits}`,
    'monotonic_clock:process.hrtime',
    `multiplexing_api:${identity.multiplexing}`,
    'atomicvar_api:ecmascript',
    'gcc_version:0.0.0',
    `process_id:${host.pid}`,
    'process_supervised:no',
    `run_id:${identity.runId}`,
    `tcp_port:${identity.port === 0 ? configuration.number('tls-port') : identity.port}`,
    `server_time_usec:${Math.floor(server.clock.nowUs())}`,
    `uptime_in_seconds:${uptimeSec}`,
    `uptime_in_days:${Math.floor(uptimeSec / SEC_PER_DAY)}`,
    `hz:${hz}`,
    `configured_hz:${hz}`,
    `lru_clock:${lruClock(nowMs)}`,
    `executable:${identity.executable}`,
    `config_file:${identity.configFile}`,
    'io_threads_active:0',
    ...listenerLines(identity.port, addresses, configuration),
    `evenkeel_version:${identity.version}`,
    `evenkeel_node_version:${host.nodeVersion}`,
    `evenkeel_flags:${identity.flags.join(',')}`,
    `evenkeel_flags_refused:${identity.flagsRefused.join(',')}`,
  ];
}

/** Numbered by kind, as in Redis. */
function listenerLines(port: number, addresses: readonly string[], configuration: Configuration): string[] {
  const binds = addresses.map((address) => `bind=${address},`).join('');
  const [tlsPort, path] = [configuration.number('tls-port'), configuration.text('unixsocket')];
  const lines: string[] = [];
  if (port !== 0) lines.push(`listener0:name=tcp,${binds}port=${port}`);
  if (path !== '') lines.push(`listener1:name=unix,bind=${path}`);
  if (tlsPort !== 0) lines.push(`listener2:name=tls,${binds}port=${tlsPort}`);
  return lines;
}

export function clientsSection({ server }: CommandContext): string[] {
  let inputBytesMax = 0;
  let outputBytesMax = 0;
  let connected = 0;
  for (const client of server.clients.all()) {
    if (client.closing) continue;
    connected++;
    inputBytesMax = Math.max(inputBytesMax, client.link.queryBufferCapacityBytes());
    outputBytesMax = Math.max(outputBytesMax, client.link.outputBufferBytes());
  }
  const { blocked, channels, keyEvents, tracking } = server;
  return [
    `connected_clients:${connected}`,
    'cluster_connections:0',
    `maxclients:${server.configuration.number('maxclients')}`,
    `client_recent_max_input_buffer:${inputBytesMax}`,
    `client_recent_max_output_buffer:${outputBytesMax}`,
    `blocked_clients:${blocked.count + server.clients.held.size}`,
    `tracking_clients:${tracking.clients.size}`,
    `pubsub_clients:${channels.clientCount}`,
    `watching_clients:${keyEvents.watched.watches}`,
    `clients_in_timeout_table:${blocked.timedCount}`,
    `total_watched_keys:${keyEvents.watched.keyCount}`,
    `total_blocking_keys:${blocked.keyCount(false)}`,
    `total_blocking_keys_on_nokey:${blocked.keyCount(true)}`,
  ];
}

export function keyspaceSection({ nowMs, server }: CommandContext): string[] {
  const lines: string[] = [];
  for (const database of server.databases) {
    const { count, expiringCount } = database.keyspace;
    if (count === 0) continue;
    const ttlMs = expiringCount === 0 ? 0 : sampleTtlMs(database, nowMs);
    const counts = `keys=${count},expires=${expiringCount},avg_ttl=${ttlMs},subexpiry=${database.fieldDeadlines.size}`;
    lines.push(`db${database.index}:${counts}`);
  }
  return lines;
}

/** Entries looked at for avg_ttl: enough for a figure that Redis, too, only estimates, and bounded. */
const TTL_SAMPLES = 64;

/** Mean time to live of the expiring entries in one stretch of the keyspace, ms. */
function sampleTtlMs({ keyspace }: Database, nowMs: number): number {
  let found = 0;
  let totalMs = 0;
  keyspace.scan(0, TTL_SAMPLES, (ref) => {
    const expireAtMs = keyspace.expireAtMs(ref);
    if (expireAtMs === NO_EXPIRY || expireAtMs <= nowMs) return;
    found++;
    totalMs += expireAtMs - nowMs;
  });
  return found === 0 ? 0 : Math.round(totalMs / found);
}
