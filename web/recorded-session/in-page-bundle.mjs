/** Bundles a module of this folder and the packages that it imports into one script for a page. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The text of a script that sets `globalThis[name]` to what the module exports.
 *
 * @param {string} module file name in this folder
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function inPageBundle(module, name) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(module, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: name,
    // Playwright wraps an injected script in a function, in which the name would stay local.
    footer: { js: `globalThis.${name} = ${name};` },
    target: 'es2022',
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made no output from ${module}`);
  return output.text;
}
