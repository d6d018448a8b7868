import { readFile } from 'node:fs/promises';
import { PLUGINS, TAG_FILE, pluginFile } from '@rrweb-store/recorder/tag-file';
import type { Plugin } from 'vite';

/** Files that other pages load from the site, and what the recorder's build calls them. */
const FILES = {
  [TAG_FILE]: TAG_FILE,
  'recorder.iife.js': TAG_FILE, // its name in tags of before
  ...Object.fromEntries(PLUGINS.map((plugin) => [pluginFile(plugin), pluginFile(plugin)])),
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
