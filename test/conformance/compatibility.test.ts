import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMPATIBILITY_PATH, renderCompatibility } from './compatibilityTable.ts';

it('COMPATIBILITY.md is what `node test/conformance/compatibility.ts` writes', () => {
  expect(readFileSync(COMPATIBILITY_PATH, 'utf8')).toBe(renderCompatibility());
});
