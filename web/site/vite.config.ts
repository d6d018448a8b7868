import { defineConfig } from 'vitest/config';
import { oneFile } from './one-file.ts';
import { recorderFiles } from './recorder-files.ts';
import { sizeBudget } from './size-budget.ts';

/** The tests that need a whole stack, which tests/browser starts. */
const WITH_A_STACK = ['faults', 'recorded-by', 'sandbox', 'shop', 'watchers'].map((name) => `browser/${name}.test.ts`);

export default defineConfig({
  plugins: [recorderFiles(), oneFile({ maxGzippedBytes: 200_000 }), sizeBudget({ maxGzippedBytes: 150_000 })],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the site's policy allows no script or style from data:
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log); // "use client" has no meaning here
      },
    },
  },
  test: {
    testTimeout: 240_000, // a test waits up to 40 s for a state, and the machine may do other things
    hookTimeout: 60_000,
    maxWorkers: 2, // each starts a browser
    reporters: ['default', './first-failures.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'src', include: process.env['SITE_URL'] ? [] : ['src/**/*.test.ts'], setupFiles: ['../each-test-file.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: process.env['SITE_URL'] ? WITH_A_STACK : ['browser/*.test.ts'],
          exclude: process.env['SITE_URL'] ? [] : WITH_A_STACK,
          setupFiles: ['browser/each-file.ts'],
          expect: { poll: { timeout: 40_000 } },
          isolate: false, // the files of a worker share its browser
          retry: process.env['SITE_URL'] ? 0 : 1, // tests/browser is repeated by the Makefile
        },
      },
    ],
  },
});
