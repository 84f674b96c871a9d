import { fromLatin1 } from '../../../base/bytes.ts';
import type { CommandSpec } from '../command.ts';
import {
  emptyHyperLogLog,
  estimateOf,
  mergeRegisters,
  REGISTERS,
  toDense,
  withElement,
} from './hyperLogLog.ts';

const ELEMENTS = 20_000;
/** Four standard errors of 1.04 / sqrt(registers). */
const ERROR_MAX = (4 * 1.04) / Math.sqrt(REGISTERS);
const SPARSE_BYTES_MAX = 3000;

export const pfselftest: CommandSpec = {
  name: 'pfselftest',
  arity: 1,
  flags: ['admin'],
  categories: ['hyperloglog'],
  keys: [],
  docs: {
    summary: 'Checks the registers and the error of the estimate: for tests.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'N/A',
    systemCommand: true,
  },
  execute({ reply }) {
    let growing = emptyHyperLogLog();
    let dense = toDense(emptyHyperLogLog());
    for (let i = 1; i <= ELEMENTS; i++) {
      const element = fromLatin1(`element:${i}`);
      growing = withElement(growing, element, 0, element.length, SPARSE_BYTES_MAX) ?? growing;
      dense = withElement(dense, element, 0, element.length, SPARSE_BYTES_MAX) ?? dense;
    }
    const [a, b] = [new Uint8Array(REGISTERS), new Uint8Array(REGISTERS)];
    mergeRegisters(a, growing);
    mergeRegisters(b, dense);
    if (a.some((value, i) => value !== b[i]))
      return reply.error('ERR TESTFAILED sparse and dense registers differ');
    const estimate = estimateOf(a);
    if (Math.abs(estimate - ELEMENTS) / ELEMENTS > ERROR_MAX)
      return reply.error(`ERR TESTFAILED estimate ${estimate} of ${ELEMENTS} elements`);
    reply.ok();
  },
};
