/** What is known to be missing or different, by command or by group: the notes of COMPATIBILITY.md. */

/** There, but not all of it. */
export const PARTIAL: Readonly<Record<string, string>> = {
  auth: 'the default user only',
  hello: 'AUTH of the default user only',
  'client tracking': 'with one shard only',
  'client kill': 'USER default only',
  'xinfo stream': '`radix-tree-nodes` is an estimate: there is no radix tree',
  debug: 'what tests use',
  monitor: 'with several shards those of its own shard',
  save: 'answers that there is no persistence',
  bgsave: 'answers that there is no persistence',
  bgrewriteaof: 'answers that there is no persistence',
  lastsave: 'the start of the server: nothing is saved',
  replicaof: 'only NO ONE; nodes of our own replicate with --peers',
  slaveof: 'only NO ONE',
  wait: 'there are no replicas to wait for',
  waitaof: 'there are no replicas and no file to wait for',
  shutdown: 'nothing is saved',
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
