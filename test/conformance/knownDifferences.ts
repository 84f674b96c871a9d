/** What is known to be missing or different, by command or by group: the notes of COMPATIBILITY.md. */

/** There, but not all of it. */
export const PARTIAL: Readonly<Record<string, string>> = {
  auth: 'the default user only',
  hello: 'AUTH of the default user only',
  'client tracking': 'only OFF: no client-side caching yet',
  'client caching': 'no client-side caching yet',
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
  'acl cat': 'one user, who may do everything',
  'acl getuser': 'one user, who may do everything',
  'acl list': 'one user, who may do everything',
  'acl users': 'one user, who may do everything',
  'acl whoami': 'one user, who may do everything',
};

/** Why something is not there, by command or group. */
export const ABSENT: Readonly<Record<string, string>> = {
  'acl deluser': 'one user, who may do everything',
  'acl dryrun': 'one user, who may do everything',
  'acl genpass': 'one user, who may do everything',
  'acl load': 'one user, who may do everything',
  'acl log': 'one user, who may do everything',
  'acl save': 'one user, who may do everything',
  'acl setuser': 'one user, who may do everything',
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
