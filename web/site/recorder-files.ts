import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** What other pages load of the site: the recorder for a script tag, and what a bookmark runs. */
const FILES = ['recorder.iife.js', 'bookmarklet.iife.js'];

/** Puts the built recorder beside the site. `npm run build` builds it first. */
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
