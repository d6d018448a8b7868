/** The files of the built site. Each worker reads one once: every visit asks for up to a dozen of them. */
import { readFile } from 'node:fs/promises';

const DIST = new URL('../dist/', import.meta.url);
const files = new Map<string, Promise<Buffer | undefined>>();

/** `undefined` if there is none of this name. */
export function builtFile(name: string): Promise<Buffer | undefined> {
  const file = files.get(name) ?? readFile(new URL(name, DIST)).catch(() => undefined);
  files.set(name, file);
  return file;
}
