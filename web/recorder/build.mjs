/** Builds dist/: recorder.mjs, recorder.iife.js, the bookmarklet's two sides, and types. Fails when our own code has grown over its budget. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';
import { build } from 'vite';

/**
 * Our own code, without rrweb: what each visitor of a recorded page pays for. 400 bytes of it buy that recording,
 * delivery and pipeline are named states, each with one function from state and event to the next.
 */
const MAX_OWN_GZIPPED_BYTES = 8_400;

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = `${root}dist`;

/**
 * What a script tag gets goes through a second minifier, which leaves 2 % less than Vite's own does.
 *
 * @type {import('vite').Plugin}
 */
const minifyMore = {
  name: 'minify-more',
  async generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === 'chunk') file.code = (await minify(file.code, { ecma: 2020, compress: { passes: 3 } })).code ?? file.code;
    }
  },
};

/**
 * @param {Record<string, string>} entry
 * @param {'es' | 'iife'} format
 * @param {string} [name] what a script tag gets it as
 * @param {boolean} [withRrweb] false: nothing is written, as it runs nowhere
 */
async function bundle(entry, format, name = 'rrwebRecorder', withRrweb = true) {
  const made = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: format === 'iife' ? [minifyMore] : [],
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: 'es2022',
      minify: 'oxc',
      lib: {
        entry,
        formats: [format],
        name,
        fileName: (_, file) => (format === 'es' ? `${file}.mjs` : `${file}.iife.js`),
      },
      write: withRrweb,
      rolldownOptions: {
        external: withRrweb ? [] : [/^@rrweb\//],
        output: { globals: { '@rrweb/record': 'rrweb' }, generatedCode: { symbols: false } },
      },
    },
  });
  const [output] = Array.isArray(made) ? made : [made];
  if (!output || !('output' in output)) throw new Error('vite made nothing');
  return output.output.map((one) => ('code' in one ? one.code : '')).join('');
}

rmSync(dist, { recursive: true, force: true });
const entry = { recorder: `${root}src/index.ts` };
// As a script tag gets it: in the module, which a bundler is to minify, Vite leaves spaces and comments.
const own = await bundle(entry, 'iife', 'rrwebRecorder', false);
const whole = await bundle(entry, 'iife');
await bundle(entry, 'es');
await bundle({ bookmarklet: `${root}src/in-page.ts` }, 'iife', 'rrwebBookmarklet');
await bundle({ relay: `${root}src/relay.ts` }, 'iife', 'rrwebRelay');
execFileSync('npx', ['tsc', '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });

const ownBytes = gzipSync(own).length;
console.log(`recorder: ${gzipSync(whole).length} bytes gzipped, ${ownBytes} of them ours (at most ${MAX_OWN_GZIPPED_BYTES})`);
if (ownBytes > MAX_OWN_GZIPPED_BYTES) {
  console.error('recorder: our own code is over its budget');
  process.exitCode = 1;
}
