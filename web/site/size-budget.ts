import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

export interface SizeBudget {
  /** Of the scripts that load first: the entry and its static imports. */
  readonly maxGzippedBytes: number;
}

/** Fails the build if the first scripts are too large together. Scripts that load later, such as the player, do not count. */
export function sizeBudget({ maxGzippedBytes }: SizeBudget): Plugin {
  return {
    name: 'size-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const first = new Set<string>();
      const waiting = Object.values(bundle).flatMap((part) =>
        part.type === 'chunk' && part.isEntry ? [part.fileName] : [],
      );
      while (waiting.length > 0) {
        const name = waiting.pop()!;
        const part = bundle[name];
        if (first.has(name) || part?.type !== 'chunk') continue;
        first.add(name);
        waiting.push(...part.imports);
      }
      let total = 0;
      for (const name of first) {
        const part = bundle[name];
        if (part?.type === 'chunk') total += gzipSync(part.code).length;
      }
      const figure = `${total.toLocaleString('en')} of ${maxGzippedBytes.toLocaleString('en')} bytes gzipped`;
      if (total > maxGzippedBytes) this.error(`the site's first scripts are too large: ${figure}`);
      console.info(`first scripts: ${figure}`);
    },
  };
}
