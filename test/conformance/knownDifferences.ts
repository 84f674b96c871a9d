/** What is known to be missing or different, by command or by group: the notes of COMPATIBILITY.md. */

/** There, but not all of it. */
export const PARTIAL: Readonly<Record<string, string>> = {
  'client tracking': 'with one shard only',
  'xinfo stream': '`radix-tree-nodes` is an estimate: there is no radix tree',
  debug: 'what tests use',
  monitor: 'with several shards those of its own shard',
  save: 'one shard without peers only',
  bgsave: 'one shard without peers only',
  bgrewriteaof: 'one shard without peers only',
  replicaof: 'only NO ONE; nodes of our own replicate with --peers',
  slaveof: 'only NO ONE',
  wait: 'there are no replicas to wait for',
  waitaof: 'answers what is on disk now and does not wait; there are no replicas',
  'script debug': 'there is no debugger',
  'script kill': 'not heard while a script runs; SIGUSR2 to the process ends one that has not written',
  'function kill': 'not heard while a function runs; SIGUSR2 to the process ends one that has not written',
};

/** Why something is not there, by command or group. */
export const ABSENT: Readonly<Record<string, string>> = {
  psync: 'replication from Redis is not there yet',
  sync: 'replication from Redis is not there yet',
  replconf: 'replication from Redis is not there yet',
  failover: 'replication from Redis is not there yet',
  migrate: 'not yet',
  asking: 'cluster only',
  readonly: 'cluster only',
  readwrite: 'cluster only',
  'restore-asking': 'cluster only',
};
