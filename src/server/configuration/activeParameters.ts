/**
 * The parameters that have a meaning here, each with what it does. Names, bounds and defaults are Redis 7.4's.
 * A parameter moves here from `acceptedParameters.ts` when something begins to obey it.
 */

import {
  BIND_INITIAL,
  bindKind,
  directoryKind,
  eventClassesKind,
  OUTPUT_LIMITS_INITIAL,
  outputLimitsKind,
  percentilesKind,
} from './listKinds.ts';
import { INT_MAX, INT_MIN, LONG_MAX, UINT_MAX, ULONG_MAX } from './numericKinds.ts';
import { defineParameter, type Parameter, type Parsed } from './parameter.ts';
import {
  choice,
  integer,
  integerUnsigned,
  memory,
  memoryUnsigned,
  percent,
  text,
  yesNo,
} from './parameterForms.ts';

/** @param directory absolute path of the working directory. @param checkDirectory judges a new one. */
export const activeParameters = (
  directory: string,
  checkDirectory: (path: string) => Parsed,
): Parameter[] => [
  yesNo('protected-mode', 'yes', {
    effect: 'refuses remote clients while there is no password and no bind address',
  }),
  yesNo('latency-tracking', 'yes', { effect: 'per-command latency histograms' }),
  text('logfile', '', { access: 'immutable', effect: 'where the log goes; empty: standard output' }),
  text('aclfile', '', { access: 'immutable', effect: 'the file with the users' }),
  choice('acl-pubsub-default', ['allchannels', 'resetchannels'], 'resetchannels', {
    effect: 'whether new users may use every channel',
  }),
  integer('acllog-max-len', 0n, LONG_MAX, 128n, { effect: 'entries kept by ACL LOG' }),
  text('requirepass', null, { sensitive: true, effect: 'the password of the default user' }),
  choice('loglevel', ['debug', 'verbose', 'notice', 'warning', 'nothing'], 'notice', {
    effect: 'what is logged',
  }),
  choice(
    'maxmemory-policy',
    [
      'volatile-lru',
      'volatile-lfu',
      'volatile-random',
      'volatile-ttl',
      'allkeys-lru',
      'allkeys-lfu',
      'allkeys-random',
      'noeviction',
    ],
    'noeviction',
    { effect: 'what to evict when maxmemory is reached' },
  ),
  choice('enable-protected-configs', ['no', 'yes', 'local'], 'no', {
    access: 'immutable',
    effect: 'whether CONFIG SET may change dir and dbfilename',
  }),
  choice('enable-debug-command', ['no', 'yes', 'local'], 'no', {
    access: 'immutable',
    effect: 'whether DEBUG may be called',
  }),
  integer('databases', 1n, INT_MAX, 16n, { access: 'immutable', effect: 'number of databases' }),
  integer('port', 0n, 65535n, 6379n, {
    refusalWithoutListener: 'Unable to listen on this port. Check server logs.',
    effect: 'the TCP port listened on',
  }),
  integer('list-max-listpack-size', INT_MIN, INT_MAX, -2n, {
    alias: 'list-max-ziplist-size',
    effect: 'when a list leaves its compact form',
  }),
  integer('tcp-keepalive', 0n, INT_MAX, 300n, { effect: 'seconds of silence before a connection is probed' }),
  integer('lfu-log-factor', 0n, INT_MAX, 10n, { effect: 'how slowly the LFU counter grows' }),
  integer('lfu-decay-time', 0n, INT_MAX, 1n, { effect: 'minutes per step of LFU decay' }),
  integer('maxmemory-samples', 1n, 64n, 5n, { effect: 'keys compared per eviction' }),
  integer('timeout', 0n, INT_MAX, 0n, { effect: 'closes clients idle for so many seconds; 0 never' }),
  integer('tcp-backlog', 0n, INT_MAX, 511n, { access: 'immutable', effect: 'length of the accept queue' }),
  integer('active-expire-effort', 1n, 10n, 1n, { effect: 'share of time given to active expiry' }),
  integer('hz', 0n, INT_MAX, 10n, { effect: 'background cycles per second' }, { cap: [1n, 500n] }),
  integerUnsigned('maxclients', 1n, UINT_MAX, 10000n, { effect: 'connections accepted at once' }),
  integer('slowlog-max-len', 0n, LONG_MAX, 128n, { effect: 'entries kept by SLOWLOG' }),
  integer('busy-reply-threshold', 0n, LONG_MAX, 5000n, {
    alias: 'lua-time-limit',
    effect: 'milliseconds after which a script makes others see BUSY',
  }),
  integer('slowlog-log-slower-than', -1n, LONG_MAX, 10000n, {
    effect: 'microseconds from which a command is slow; negative: none is',
  }),
  integer('latency-monitor-threshold', 0n, LONG_MAX, 0n, {
    effect: 'milliseconds from which LATENCY records an event; 0: none',
  }),
  memory('proto-max-bulk-len', 1048576n, LONG_MAX, 536870912n, {
    effect: 'largest argument and largest string',
  }),
  integer('stream-node-max-entries', 0n, LONG_MAX, 100n, { effect: 'entries per node of a stream' }),
  integerUnsigned('tracking-table-max-keys', 0n, LONG_MAX, 1000000n, {
    effect: 'keys remembered for clients that cache; 0: no limit',
  }),
  percent('maxmemory-clients', -100n, LONG_MAX, 0n, {
    effect:
      'bytes that connections may hold together, or a percentage of maxmemory; the largest are closed; 0: no limit',
  }),
  memoryUnsigned('maxmemory', 0n, ULONG_MAX, 0n, {
    effect: 'bytes of data from which keys are evicted or writes refused; 0: no limit',
  }),
  integerUnsigned('hash-max-listpack-entries', 0n, LONG_MAX, 512n, {
    alias: 'hash-max-ziplist-entries',
    effect: 'when a hash leaves its compact form',
  }),
  integerUnsigned('set-max-intset-entries', 0n, LONG_MAX, 512n, {
    effect: 'when a set of integers leaves its compact form',
  }),
  integerUnsigned('set-max-listpack-entries', 0n, LONG_MAX, 128n, {
    effect: 'when a set leaves its compact form',
  }),
  integerUnsigned('set-max-listpack-value', 0n, LONG_MAX, 64n, {
    effect: 'when a set leaves its compact form',
  }),
  integerUnsigned('zset-max-listpack-entries', 0n, LONG_MAX, 128n, {
    alias: 'zset-max-ziplist-entries',
    effect: 'when a sorted set leaves its compact form',
  }),
  memoryUnsigned('hash-max-listpack-value', 0n, LONG_MAX, 64n, {
    alias: 'hash-max-ziplist-value',
    effect: 'when a hash leaves its compact form',
  }),
  memoryUnsigned('stream-node-max-bytes', 0n, LONG_MAX, 4096n, { effect: 'bytes per node of a stream' }),
  memoryUnsigned('zset-max-listpack-value', 0n, LONG_MAX, 64n, {
    alias: 'zset-max-ziplist-value',
    effect: 'when a sorted set leaves its compact form',
  }),
  memoryUnsigned('hll-sparse-max-bytes', 0n, LONG_MAX, 3000n, {
    effect: 'when a HyperLogLog leaves its sparse form',
  }),
  memoryUnsigned('client-query-buffer-limit', 1048576n, LONG_MAX, 1073741824n, {
    effect: 'largest unparsed request',
  }),
  defineParameter('dir', directoryKind(checkDirectory), directory, {
    access: 'protected',
    effect: 'the directory of persistent files',
  }),
  defineParameter('client-output-buffer-limit', outputLimitsKind, OUTPUT_LIMITS_INITIAL, {
    effect: 'closes clients that do not read their replies',
  }),
  defineParameter('notify-keyspace-events', eventClassesKind, '', {
    effect: 'classes of keyspace notifications published',
  }),
  defineParameter('bind', bindKind, BIND_INITIAL, {
    refusalWithoutListener: 'Failed to bind to specified addresses.',
    effect: 'addresses listened on',
  }),
  defineParameter('latency-tracking-info-percentiles', percentilesKind, '50 99 99.9', {
    effect: 'percentiles in the latencystats section of INFO',
  }),
];
