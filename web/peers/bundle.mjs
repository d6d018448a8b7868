/**
 * node bundle.mjs NAME [--readable]
 *
 * Prints the bundled script of a file in clients/: minified, as a page would load it, or readable, with a comment
 * before each module that names its file.
 */
import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { COMPILED_AS_IT_COMES } from '../recorder/tag-file.mjs';

const BUILT = fileURLToPath(new URL('../recorder/dist/recorder.mjs', import.meta.url));

/**
 * The text of a client's bundled script.
 *
 * @param {string} client name of a file in clients/, without `.mjs`
 * @param {object} [options]
 * @param {boolean} [options.minify]
 * @param {boolean} [options.asBuilt] with our recorder as its `dist/` has it, which runs on the browser's own functions
 * @returns {Promise<string>}
 */
export async function bundleOf(client, { minify = true, asBuilt = true } = {}) {
  /** @type {Record<string, string>} */
  const alias = asBuilt ? { '@rrweb-store/recorder': BUILT } : {};
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`clients/${client}.mjs`, import.meta.url))],
    bundle: true,
    minify,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
    alias,
    banner: { js: asBuilt && client.startsWith('ours') ? COMPILED_AS_IT_COMES : '' }, // our tag's script begins so
    external: client.endsWith('-plugins') ? [] : ['./plugins/*', './recorder-*'], // which a page loads only if it asks for them
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made no output from ${client}`);
  return output.text;
}

if (argv[1] === fileURLToPath(import.meta.url)) stdout.write(await bundleOf(String(argv[2]), { minify: argv[3] !== '--readable', asBuilt: false }));
