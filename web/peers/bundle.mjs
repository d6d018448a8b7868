/**
 * node bundle.mjs NAME
 *
 * Prints the bundled script of a file in clients/, as a page would load it.
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
 * @param {boolean} [options.readable] from our recorder's sources, with a comment before each module that names its file;
 *   else minified, and our recorder is as its `dist/` has it, which runs on the browser's own functions
 * @returns {Promise<string>}
 */
export async function bundleOf(client, { readable = false } = {}) {
  /** @type {Record<string, string>} */
  const alias = readable ? {} : { '@rrweb-store/recorder': BUILT };
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`clients/${client}.mjs`, import.meta.url))],
    bundle: true,
    minify: !readable,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
    alias,
    banner: { js: !readable && client.startsWith('ours') ? COMPILED_AS_IT_COMES : '' }, // our tag's script begins so
    external: client.endsWith('-plugins') ? [] : ['./plugins/*', './recorder-*'], // which a page loads only if it asks for them
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made no output from ${client}`);
  return output.text;
}

if (argv[1] === fileURLToPath(import.meta.url)) stdout.write(await bundleOf(String(argv[2])));
