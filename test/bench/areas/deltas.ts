/** Serialisation of replication deltas: a flush of so many writes as one message, encoded, and decoded again. */
import { fromLatin1 } from '../../../src/base/bytes.ts';
import { emptyRegister } from '../../../src/server/replication/register.ts';
import {
  decodeMessage,
  encodeMessage,
  type KeyedState,
} from '../../../src/server/replication/wire/messages.ts';
import type { Benchmark } from '../benchmark.ts';
import { keyName } from '../keyNames.ts';

const VALUE = fromLatin1('x'.repeat(64));
const TICKS = 1_700_000_000_000 * 1024;

function states(count: number): KeyedState[] {
  return Array.from({ length: count }, (_, number) => {
    const stamp = { ticks: TICKS + number, replica: 'node-a' };
    const content = { order: stamp, dot: stamp, form: 'string' as const, bytes: VALUE };
    return [keyName(number), { whole: { ...emptyRegister(), content }, fields: new Map() }];
  });
}

const message = (count: number) => ({
  kind: 'deltas' as const,
  replica: 'node-a',
  previousTicks: TICKS - 1,
  ticks: TICKS + count,
  part: 0,
  parts: 1,
  states: states(count),
});

export const deltas: readonly Benchmark[] = [1, 64].flatMap((count) => [
  {
    name: `delta encoding, ${count} SET of 64 B`,
    prepare() {
      const flushed = message(count);
      return { operations: count, run: () => encodeMessage(flushed).length };
    },
  },
  {
    name: `delta decoding, ${count} SET of 64 B`,
    prepare() {
      const bytes = encodeMessage(message(count));
      const run = (): number => {
        const decoded = decodeMessage(bytes);
        return decoded.kind === 'deltas' ? decoded.states.length + decoded.ticks : 0;
      };
      return { operations: count, run };
    },
  },
]);
