import { defineConfig } from 'vitest/config';

/**
 * Four projects: `tidy` reads the sources, `unit` stands beside them, `system` crosses modules and starts real servers, `lab`
 * measures and therefore runs alone.
 */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Vitest would leave one CPU to itself, and two are all there are.
    maxWorkers: 2,
    projects: [
      { test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'experiments/**/*.test.ts', 'test/bench/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'system',
          include: ['test/{browser,conformance,dashboards,differential,integration,fuzz,simulation}/**/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});
