/** What persistence obeys: snapshots and the append-only file. Names, bounds and defaults are Redis 7.4's. */
import { saveKind } from './listKinds.ts';
import { INT_MAX, LONG_MAX } from './numericKinds.ts';
import { defineParameter, type Parameter } from './parameter.ts';
import { choice, integer, memory, text, yesNo } from './parameterForms.ts';
import { plainFileName, plainName } from './validators.ts';

export const persistenceParameters = (): Parameter[] => [
  defineParameter('save', saveKind, '3600 1 300 100 60 10000', {
    effect: 'when a snapshot is due: so many seconds and changes after the last',
  }),
  text(
    'dbfilename',
    'dump.rdb',
    { access: 'protected', effect: 'the name of the snapshot file' },
    plainFileName,
  ),
  yesNo('rdbcompression', 'yes', { effect: 'whether long strings are compressed in snapshots' }),
  yesNo('rdbchecksum', 'yes', { access: 'immutable', effect: 'whether snapshots have a checksum' }),
  yesNo('stop-writes-on-bgsave-error', 'yes', {
    effect: 'whether writes are refused after a snapshot has failed',
  }),
  yesNo('appendonly', 'no', { effect: 'whether there is an append-only file' }),
  choice('appendfsync', ['everysec', 'always', 'no'], 'everysec', {
    effect: 'when what was appended is made durable',
  }),
  text(
    'appendfilename',
    'appendonly.aof',
    { access: 'immutable', effect: 'what the names of its files begin with' },
    plainName('appendfilename', 'filename'),
  ),
  text(
    'appenddirname',
    'appendonlydir',
    { access: 'immutable', effect: 'the folder of its files' },
    plainName('appenddirname', 'dirname'),
  ),
  yesNo('aof-load-truncated', 'yes', { effect: 'whether a start goes on if its last part ends too early' }),
  yesNo('aof-use-rdb-preamble', 'yes', { effect: 'whether its base is a snapshot or commands' }),
  integer('auto-aof-rewrite-percentage', 0n, INT_MAX, 100n, {
    effect: 'how much it grows before it is rewritten; 0: never',
  }),
  memory('auto-aof-rewrite-min-size', 0n, LONG_MAX, 67108864n, {
    effect: 'up to which size it is never rewritten by itself',
  }),
];
