import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.test.ts'], setupFiles: ['../each-test-file.ts'], isolate: false, testTimeout: 60_000 },
});
