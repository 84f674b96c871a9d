/** Both small forms of a hash, by name: for tests and benchmarks that compare them in one process. */
import { PackedFields } from './packedFields.ts';
import { PlainFields } from './plainFields.ts';
import type { CreateSmallFields } from './smallFields.ts';

export const createPacked: CreateSmallFields = (capacityBytes) => new PackedFields(capacityBytes);
export const createPlain: CreateSmallFields = () => new PlainFields();

export const smallForms: readonly [string, CreateSmallFields][] = [
  ['packed', createPacked],
  ['plain', createPlain],
];
