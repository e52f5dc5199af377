import { defineConfig } from 'vitest/config';

/** `unit` belongs to the gate (`npm run check`); the others start real servers, or ask the package index, and run one file after the other. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/contract/**', 'test/corpus/**', 'test/differential/**', 'test/e2e/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/{contract,differential,e2e}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
      {
        // asked for by name only: see package.json
        test: {
          name: 'corpus',
          include: ['test/corpus/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
    ],
  },
});
