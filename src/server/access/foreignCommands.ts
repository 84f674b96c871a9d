/**
 * Commands of Redis 7.4 that rules may name although this server has not got them: lists of users are carried from one server to
 * another, and a rule about what cannot be run does no harm. A command that the table has is found there first.
 */

const CONTAINERS: Readonly<Record<string, string>> = {
  cluster:
    'addslots addslotsrange bumpepoch count-failure-reports countkeysinslot delslots delslotsrange failover flushslots forget ' +
    'getkeysinslot help info keyslot links meet myid myshardid nodes replicas replicate reset saveconfig set-config-epoch setslot ' +
    'shards slaves slots',
  function: 'delete dump flush help kill list load restore stats',
  module: 'help list load loadex unload',
  script: 'debug exists flush help kill load',
};

const COMMANDS = new Set(
  (
    'asking eval eval_ro evalsha evalsha_ro failover fcall fcall_ro migrate psync readonly readwrite replconf ' +
    'restore-asking sync'
  ).split(' '),
);

/** @param name of a rule, in lower case: `eval`, `script|load`; for what is allowed also `eval|argument`. */
export function isForeignCommand(name: string, isAllowed: boolean): boolean {
  const [command, part, ...rest] = name.split('|');
  if (rest.length > 0) return false;
  const parts = Object.hasOwn(CONTAINERS, command!) ? CONTAINERS[command!]!.split(' ') : undefined;
  if (parts !== undefined) return part === undefined || parts.includes(part);
  return COMMANDS.has(command!) && (part === undefined || (isAllowed && part !== ''));
}
