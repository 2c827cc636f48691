import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'action/**/*.test.ts',
      'tools/**/*.test.ts',
      'console/src/**/*.test.ts',
    ],
    exclude: ['test/peers/**', 'node_modules/**', 'dist/**', 'console/dist/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // The machine that runs CI has two cores; more workers only make timings noisier.
    maxWorkers: 2,
    unstubEnvs: true,
  },
});
