import type { Configuration } from '../../../configuration/configuration.ts';
import { type Keyspace, type Ref, ValueType } from '../../../keyspace/keyspace.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { readUntouched } from '../keyLookup.ts';
import { encodingName } from '../valueEncoding.ts';

/** What Redis prints for the integers 0..9999, of which it keeps one shared object each. */
const SHARED = 2147483647;
const SHARED_DIGITS_MAX = 4;

/** Redis does without them where eviction needs an access word per key. */
const sharesIntegers = (configuration: Configuration): boolean =>
  configuration.number('maxmemory') === 0 || !/lru|lfu/.test(configuration.text('maxmemory-policy'));

const isSmallInteger = (keyspace: Keyspace, ref: Ref): boolean =>
  keyspace.type(ref) === ValueType.string &&
  keyspace.stringLength(ref) <= SHARED_DIGITS_MAX &&
  encodingName(keyspace, ref) === 'int' &&
  keyspace.stringView(ref)[0] !== 45;

export const refcount: CommandSpec = {
  name: 'refcount',
  arity: 3,
  flags: ['readonly'],
  categories: ['keyspace'],
  keys: [keyAt(2, 'RO')],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns the number of references to a value.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = readUntouched(context, args, 2);
    if (ref === 0) reply.nil();
    else reply.integer(sharesIntegers(server.configuration) && isSmallInteger(db.keyspace, ref) ? SHARED : 1);
  },
};
