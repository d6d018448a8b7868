import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** Files that other pages load from the site: the recorder for a script tag, and the bookmark's script. */
const FILES = ['recorder.iife.js', 'bookmarklet.iife.js'];

/** Copies the built recorder into the site. `npm run build` builds it first. */
export function recorderFiles(): Plugin {
  return {
    name: 'recorder-files',
    apply: 'build',
    async generateBundle() {
      for (const fileName of FILES) {
        const source = await readFile(new URL(`../recorder/dist/${fileName}`, import.meta.url));
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}
