/** Both small forms of a hash, by number of fields: finding, and overwriting with a value of another length. */
import { fromLatin1 } from '../../../src/base/bytes.ts';
import { NO_EXPIRY } from '../../../src/server/keyspace/keyspace.ts';
import type { CreateSmallFields } from '../../../src/server/keyspace/value/smallFields.ts';
import { smallForms } from '../../../src/server/keyspace/value/smallFieldsFixture.ts';
import type { Benchmark } from '../benchmark.ts';

const VALUES = ['eight by', 'eleven byte'].map(fromLatin1);

const small = (
  form: string,
  create: CreateSmallFields,
  fieldCount: number,
  overwrites: boolean,
): Benchmark => ({
  name: `small hash ${overwrites ? 'overwrite' : 'find'}, ${form}, ${fieldCount} fields`,
  prepare() {
    const fields = create(0);
    const names = Array.from({ length: fieldCount }, (_, number) => fromLatin1(`field:${number}`));
    for (const name of names)
      fields.append(name, 0, name.length, VALUES[0]!, 0, VALUES[0]!.length, NO_EXPIRY);
    let turn = 0;
    const run = (): number => {
      const value = VALUES[turn++ % VALUES.length]!;
      let sum = 0;
      for (const name of names) {
        const ref = fields.find(name, 0, name.length);
        if (overwrites) fields.setValue(ref, value, 0, value.length);
        sum += fields.valueLength(ref);
      }
      return sum;
    };
    return { operations: fieldCount, run };
  },
});

export const smallHashes: readonly Benchmark[] = smallForms.flatMap(([form, create]) =>
  [4, 16, 128].flatMap((count) => [false, true].map((overwrites) => small(form, create, count, overwrites))),
);
