/** Closing line of `make test`: totals over vitest's JSON results, and each reason for which tests were skipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

interface Assertion {
  status: string;
  fullName: string;
  failureMessages?: string[];
}

/** Enough of a failure to see its cause: the message and where it was thrown. */
const FAILURE_LINES_MAX = 12;
const shortened = (message: string): string =>
  message
    .split('\n')
    .slice(0, FAILURE_LINES_MAX)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');

interface Results {
  testResults: { name: string; status: string; message: string; assertionResults: Assertion[] }[];
}

const [directory, elapsedSec] = [process.argv[2]!, Number(process.argv[3])];
let passed = 0;
let failed = 0;
let skipped = 0;
const reasons = new Map<string, number>();
const failures: string[] = [];

for (const file of readdirSync(directory)) {
  const results = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Results;
  for (const suite of results.testResults) {
    const path = relative(process.cwd(), suite.name);
    if (suite.status === 'failed' && suite.assertionResults.length === 0) {
      failed++;
      failures.push(`${path}\n${shortened(suite.message)}`);
    }
    for (const { status, fullName, failureMessages } of suite.assertionResults) {
      if (status === 'passed') passed++;
      else if (status === 'failed') {
        failed++;
        failures.push(`${path} > ${fullName}\n${shortened(failureMessages?.join('\n') ?? '')}`);
      } else {
        skipped++;
        // Suites that need a tool carry the reason in their name: `... [needs redis-server]`.
        const reason = /\[(needs [^\]]+)\]/.exec(fullName)?.[1] ?? 'no reason given';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
  }
}
// Once more at the very end: whoever reads only the last lines of a long log must find what failed.
for (const failure of failures) console.log(`FAILED ${failure}`);
for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`);
console.log(`make test took ${Math.floor(elapsedSec / 60)} min ${elapsedSec % 60} s`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
// A run in which nothing ran is not a pass.
if (failed > 0 || passed === 0) process.exitCode = 1;
