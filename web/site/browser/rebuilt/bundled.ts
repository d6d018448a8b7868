import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { rrwebParts } from '../../../recorder/rrweb-parts.mjs';

/** A module of this folder as a script that sets a global. */
export async function bundled(module: string, name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [rrwebParts],
    build: { write: false, minify: false, lib: { entry: fileURLToPath(new URL(`./${module}.ts`, import.meta.url)), formats: ['iife'], name } },
  });
  const [one] = [built].flat();
  if (!one || !('output' in one)) throw new Error('vite built nothing');
  return `${one.output[0].code};globalThis.${name} = ${name}`;
}
