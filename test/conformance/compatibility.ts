/** Writes COMPATIBILITY.md: `node test/conformance/compatibility.ts`. */
import { writeFileSync } from 'node:fs';
import { COMPATIBILITY_PATH, renderCompatibility } from './compatibilityTable.ts';

writeFileSync(COMPATIBILITY_PATH, renderCompatibility());
