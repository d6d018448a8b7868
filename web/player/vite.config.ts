import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The page's style sheets stay as they are: `src/styles.ts` puts rrweb's rules where they are needed. */
const noStyleOnThePage: Plugin = {
  name: 'no-style-on-the-page',
  enforce: 'pre',
  resolveId: (id) => (id === '@rrweb/replay/dist/style.css' ? '\0no-style' : undefined),
  load: (id) => (id === '\0no-style' ? '' : undefined),
};

export default defineConfig({
  define: { 'process.env.NODE_ENV': '"production"' }, // in a library Vite leaves it, and a page without a bundler has no process
  plugins: [noStyleOnThePage],
  build: {
    target: 'es2022',
    sourcemap: true,
    lib: { entry: 'src/index.ts', formats: ['es'] },
    rolldownOptions: {
      output: { entryFileNames: 'player.js', chunkFileNames: 'player-[name].js', minify: true }, // for pages without a bundler
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log); // "use client" has no meaning here
      },
    },
  },
  test: { include: ['src/**/*.test.ts', 'browser/*.test.ts'], testTimeout: 240_000, hookTimeout: 120_000 },
});
