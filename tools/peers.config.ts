import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** `npm run test:peers`: against real servers, clouds' emulators and a real CI runner, where they can be had. */
export default defineConfig({
  root: path.join(import.meta.dirname, '..'),
  test: {
    include: ['test/peers/**/*.test.ts'],
    passWithNoTests: true,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Peers share ports, containers and one machine's clock: one file after the other.
    fileParallelism: false,
  },
});
