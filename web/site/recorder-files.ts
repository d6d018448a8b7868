import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** Files that other pages load from the site, and what the recorder's build calls them. */
const FILES = {
  'page-copy.js': 'page-copy.js',
  'recorder.iife.js': 'page-copy.js', // its name in tags of before
  'bookmarklet.iife.js': 'bookmarklet.iife.js',
};

/** Copies the built recorder into the site. `npm run build` builds it first. */
export function recorderFiles(): Plugin {
  return {
    name: 'recorder-files',
    apply: 'build',
    async generateBundle() {
      for (const [fileName, built] of Object.entries(FILES)) {
        const source = await readFile(new URL(`../recorder/dist/${built}`, import.meta.url));
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}
