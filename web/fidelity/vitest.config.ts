import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: { include: ['pages.test.ts'], testTimeout: 600_000, hookTimeout: 120_000, maxConcurrency: 2 },
});
