import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { rrwebParts } from '../../../recorder/rrweb-parts.mjs';

const scripts = new Map<string, Promise<string>>();

/** A module of this folder as a script that sets a global. Each worker builds it once, for all its files. */
export function bundled(module: string, name: string): Promise<string> {
  const script = scripts.get(module) ?? scriptOf(module, name);
  scripts.set(module, script);
  return script;
}

async function scriptOf(module: string, name: string): Promise<string> {
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
