import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { writeStream } from './streamLookup.ts';
import { readTrimOptions } from './trimOptions.ts';

export const xtrim: CommandSpec = {
  name: 'xtrim',
  arity: -4,
  flags: ['write'],
  categories: ['stream'],
  keys: oneKey('RW', 'delete'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Removes the oldest entries of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation.',
    history: [['6.2.0', 'The options `MINID` and `LIMIT`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'trim',
        type: 'block',
        arguments: [
          {
            name: 'strategy',
            type: 'oneof',
            arguments: [
              { name: 'maxlen', type: 'pure-token', token: 'MAXLEN' },
              { name: 'minid', type: 'pure-token', token: 'MINID', since: '6.2.0' },
            ],
          },
          {
            name: 'operator',
            type: 'oneof',
            flags: ['optional'],
            arguments: [
              { name: 'equal', type: 'pure-token', token: '=' },
              { name: 'approximately', type: 'pure-token', token: '~' },
            ],
          },
          { name: 'threshold', type: 'string' },
          { name: 'count', type: 'integer', token: 'LIMIT', since: '6.2.0', flags: ['optional'] },
        ],
      },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const options = readTrimOptions(context, args, false);
    if (options === undefined) return;
    const stream = writeStream(context, args);
    if (stream === null) return;
    if (stream === undefined) return reply.integer(0);
    const removed = stream.trim(options.trim!);
    if (removed > 0) {
      stream.settle();
      server.dirty += removed;
      db.changed(args, 1, EventClass.stream, 'xtrim');
    }
    reply.integer(removed);
  },
};
