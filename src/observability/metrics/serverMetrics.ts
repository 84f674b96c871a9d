/** The metrics of `/metrics`: strict names, base units, labels whose values are few (shards, commands, databases, causes). */
import { FIGURES, type Figure, INTERFERENCES } from '../../ports/probe.ts';
import type { ObservedServer } from '../observedServer.ts';
import { totalAt } from '../recording/recordingLayout.ts';
import type { ShardRecording } from '../recording/shardRecording.ts';
import { DurationBounds } from './durationBounds.ts';
import { histogramSamples, type MetricType, type ReadMetric, type Sample } from './exposition.ts';

const FINE = new DurationBounds(4);
const COARSE = new DurationBounds(1);
const US_PER_SEC = 1e6;

export const figureOf = ({ regions }: ShardRecording, figure: Figure): number =>
  regions.figures[FIGURES.indexOf(figure)]!;

/** Where memory goes, as `evenkeel_memory_bytes` names it. */
export const MEMORY_CAUSES: readonly (readonly [string, Figure])[] = [
  ['index', 'indexBytes'],
  ['records', 'recordBytes'],
  ['slack', 'slackBytes'],
  ['collections', 'collectionBytes'],
  ['deadlines', 'deadlineBytes'],
  ['pending_release', 'pendingReleaseBytes'],
  ['client_buffers', 'clientBufferBytes'],
  ['heap', 'heapBytes'],
];

const SIMPLE: readonly (readonly [string, MetricType, Figure, string])[] = [
  ['evenkeel_connected_clients', 'gauge', 'connectedClients', 'Open client connections.'],
  ['evenkeel_connections_received_total', 'counter', 'connectionsReceived', 'Connections accepted.'],
  [
    'evenkeel_connections_rejected_total',
    'counter',
    'connectionsRejected',
    'Connections turned away: maxclients or protected mode.',
  ],
  ['evenkeel_keyspace_hits_total', 'counter', 'keyspaceHits', 'Lookups that found their key.'],
  ['evenkeel_keyspace_misses_total', 'counter', 'keyspaceMisses', 'Lookups that did not.'],
  ['evenkeel_expired_keys_total', 'counter', 'expiredKeys', 'Keys removed because they had expired.'],
  [
    'evenkeel_expired_fields_total',
    'counter',
    'expiredFields',
    'Fields of hashes removed because they had expired.',
  ],
  ['evenkeel_evicted_keys_total', 'counter', 'evictedKeys', 'Keys evicted to stay below maxmemory.'],
  [
    'evenkeel_released_objects_total',
    'counter',
    'releasedObjects',
    'Deleted values whose memory was given back in slices.',
  ],
  ['evenkeel_network_receive_bytes_total', 'counter', 'netInputBytes', 'Bytes read from clients.'],
  ['evenkeel_network_transmit_bytes_total', 'counter', 'netOutputBytes', 'Bytes written to clients.'],
  ['evenkeel_error_replies_total', 'counter', 'errorReplies', 'Error replies.'],
  [
    'evenkeel_protocol_errors_total',
    'counter',
    'protocolErrors',
    'Connections ended for breaking the protocol.',
  ],
  [
    'evenkeel_memory_used_bytes',
    'gauge',
    'usedMemoryBytes',
    'What maxmemory is compared with: keys, values and their structures.',
  ],
  ['evenkeel_memory_used_peak_bytes', 'gauge', 'peakMemoryBytes', 'The most that was ever used.'],
  [
    'evenkeel_memory_limit_bytes',
    'gauge',
    'maxMemoryBytes',
    "The shard's part of maxmemory, 0 if there is none.",
  ],
  [
    'evenkeel_memory_external_bytes',
    'gauge',
    'externalBytes',
    'Array buffers outside the JavaScript heap, key storage among them.',
  ],
  [
    'evenkeel_heap_allocated_bytes_total',
    'counter',
    'allocatedHeapBytes',
    'Bytes allocated on the JavaScript heap, garbage included.',
  ],
];

export function serverMetrics(server: ObservedServer): ReadMetric[] {
  const { recordings, facts, meters } = server;
  /** One sample or more of each shard. */
  const perShard = (read: (recording: ShardRecording, shard: string) => Sample[]): (() => Sample[]) => {
    return () => recordings.flatMap((recording, shard) => read(recording, String(shard)));
  };
  const total = (name: Parameters<typeof totalAt>[0], factor = 1) =>
    perShard(({ regions }, shard) => [{ labels: { shard }, value: regions.totals[totalAt(name)]! * factor }]);
  /** Of commands that were ever called. */
  const byCommand = (read: (recording: ShardRecording, command: number) => number) =>
    perShard((recording, shard) =>
      recording.commands.flatMap((name, command) => {
        const value = read(recording, command);
        return value === 0 ? [] : [{ labels: { shard, command: name }, value }];
      }),
    );
  const byDatabase = (read: (recording: ShardRecording, database: number) => number) =>
    perShard((recording, shard) =>
      Array.from(recording.regions.keys, (keys, database) => ({ keys, database }))
        .filter(({ keys, database }) => keys > 0 || database === 0)
        .map(({ database }) => ({
          labels: { shard, db: `db${database}` },
          value: read(recording, database),
        })),
    );
  const byInterference = (read: (recording: ShardRecording, kind: number) => number) =>
    perShard((recording, shard) =>
      INTERFERENCES.map((cause, kind) => ({ labels: { shard, cause }, value: read(recording, kind) })),
    );
  const commandHistogram = (
    name: string,
    counts: (recording: ShardRecording, command: number) => Float64Array,
    sumUs: (recording: ShardRecording, command: number) => number,
  ) =>
    perShard((recording, shard) =>
      recording.commands.flatMap((command, number) => {
        const sum = sumUs(recording, number);
        if (sum === 0) return [];
        const bucketed = COARSE.counts(counts(recording, number));
        return histogramSamples(name, { shard, command }, COARSE.seconds, bucketed, sum / US_PER_SEC);
      }),
    );

  const serviceName = 'evenkeel_service_duration_seconds';
  const requestName = 'evenkeel_request_service_duration_seconds';
  const executionName = 'evenkeel_command_execution_duration_seconds';
  const batchName = 'evenkeel_batch_requests';
  return [
    {
      name: 'evenkeel_build_info',
      type: 'gauge',
      help: 'What is running; always 1.',
      samples: () => [
        {
          labels: {
            version: facts.version,
            git_sha: facts.gitSha,
            node: facts.nodeVersion,
            flags: facts.flags.join(',') || 'none',
          },
          value: 1,
        },
      ],
    },
    {
      name: serviceName,
      type: 'histogram',
      help: 'From the estimated arrival of a request until the replies of its batch were handed to the socket, all commands: queueing included.',
      samples: perShard(({ regions }, shard) => {
        const sumUs = regions.serviceUsByCommand.reduce((sum, us) => sum + us, 0);
        return histogramSamples(
          serviceName,
          { shard },
          FINE.seconds,
          FINE.counts(regions.service),
          sumUs / US_PER_SEC,
        );
      }),
    },
    {
      name: requestName,
      type: 'histogram',
      help: 'The same by command.',
      samples: commandHistogram(
        requestName,
        (recording, command) => recording.serviceOf(command),
        ({ regions }, command) => regions.serviceUsByCommand[command]!,
      ),
    },
    {
      name: executionName,
      type: 'histogram',
      help: 'Execution alone, of the calls that were timed: one in 256 of fast commands, every one of slow commands.',
      samples: commandHistogram(
        executionName,
        (recording, command) => recording.executionOf(command),
        ({ regions }, command) => regions.executionUs[command]!,
      ),
    },
    {
      name: 'evenkeel_commands_total',
      type: 'counter',
      help: 'Commands executed.',
      samples: byCommand(({ regions }, command) => regions.calls[command]!),
    },
    {
      name: 'evenkeel_commands_rejected_total',
      type: 'counter',
      help: 'Commands refused before execution: arguments, authentication, memory.',
      samples: byCommand(({ regions }, command) => regions.rejected[command]!),
    },
    {
      name: 'evenkeel_commands_failed_total',
      type: 'counter',
      help: 'Commands that answered with an error.',
      samples: byCommand(({ regions }, command) => regions.failed[command]!),
    },
    {
      name: 'evenkeel_loop_turns_total',
      type: 'counter',
      help: 'Turns of the event loop that served requests.',
      samples: total('turns'),
    },
    {
      name: 'evenkeel_loop_busy_seconds_total',
      type: 'counter',
      help: "Time the shard's event loop did not wait for something to do; its rate is the busy share.",
      samples: total('busyUs', 1 / US_PER_SEC),
    },
    {
      name: 'evenkeel_batches_total',
      type: 'counter',
      help: 'Batches: what one read of one connection brought.',
      samples: total('batches'),
    },
    {
      name: batchName,
      type: 'histogram',
      help: 'Requests in a batch.',
      samples: perShard(({ regions }, shard) => {
        const counts = Array.from(regions.batchSizes);
        // The n-th counts sizes from 2^n to 2^(n+1) - 1.
        const bounds = counts.slice(0, -1).map((_, power) => 2 ** (power + 1) - 1);
        return histogramSamples(batchName, { shard }, bounds, counts, regions.totals[totalAt('requests')]!);
      }),
    },
    {
      name: 'evenkeel_interference_total',
      type: 'counter',
      help: "Pieces of work other than requests on the shard's thread, by cause.",
      samples: byInterference(({ regions }, kind) => regions.workCount[kind]!),
    },
    {
      name: 'evenkeel_interference_seconds_total',
      type: 'counter',
      help: "Time the shard's thread spent on work other than requests, by cause.",
      samples: byInterference(({ regions }, kind) => regions.workUs[kind]! / US_PER_SEC),
    },
    {
      name: 'evenkeel_run_queue_wait_seconds_total',
      type: 'counter',
      help: "Time the shard's thread was ready to run and waited for a core.",
      samples: () =>
        recordings.flatMap((_, shard) => {
          const value = meters.runQueueWaitSec(shard);
          return value === undefined ? [] : [{ labels: { shard: String(shard) }, value }];
        }),
    },
    ...SIMPLE.map(([name, type, figure, help]) => ({
      name,
      type,
      help,
      samples: perShard((recording, shard) => [{ labels: { shard }, value: figureOf(recording, figure) }]),
    })),
    {
      name: 'evenkeel_keys',
      type: 'gauge',
      help: 'Keys, by database.',
      samples: byDatabase(({ regions }, database) => regions.keys[database]!),
    },
    {
      name: 'evenkeel_expiring_keys',
      type: 'gauge',
      help: 'Keys with an expiry, by database.',
      samples: byDatabase(({ regions }, database) => regions.expiringKeys[database]!),
    },
    {
      name: 'evenkeel_memory_bytes',
      type: 'gauge',
      help: 'Memory by cause.',
      samples: perShard((recording, shard) =>
        MEMORY_CAUSES.map(([cause, figure]) => ({
          labels: { shard, cause },
          value: figureOf(recording, figure),
        })),
      ),
    },
    {
      name: 'evenkeel_memory_per_key_bytes',
      type: 'gauge',
      help: 'Used memory divided by the number of keys, 0 without keys.',
      samples: perShard((recording, shard) => {
        const keys = recording.regions.keys.reduce((sum, count) => sum + count, 0);
        return [{ labels: { shard }, value: keys === 0 ? 0 : figureOf(recording, 'usedMemoryBytes') / keys }];
      }),
    },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'CPU time of the process, all threads, user and system.',
      samples: () => [{ labels: {}, value: meters.cpuUserSec() + meters.cpuSystemSec() }],
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Resident memory of the process.',
      samples: () => [{ labels: {}, value: meters.residentBytes() }],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When the server started, seconds since the epoch.',
      samples: () => [{ labels: {}, value: facts.startedMs / 1000 }],
    },
  ];
}
