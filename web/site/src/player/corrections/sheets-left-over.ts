import type { Replayer } from '@rrweb/replay';
import type { Correction } from './correction';

/** Private parts of rrweb's player. */
interface Sheets {
  styleMirror: { reset: () => void };
}

/**
 * Takes the adopted style sheets of the page before away, and forgets what they were.
 *
 * rrweb 2.1.6 rebuilds the nodes of a document and leaves what it has adopted, so rules of later moments stay after a jump
 * back, and come twice after the next one. No issue of rrweb names it yet; right would be to clear both as it rebuilds.
 * This file can go when `browser/moments.test.ts` passes without it.
 */
export function createSheetsLeftOver(): Correction {
  let replayer: Replayer | undefined;
  return {
    attach: (to) => void (replayer = to),
    restart() {
      const { contentDocument } = replayer?.iframe ?? {};
      if (contentDocument?.adoptedStyleSheets?.length) contentDocument.adoptedStyleSheets = [];
      (replayer as unknown as Sheets | undefined)?.styleMirror.reset();
    },
  };
}
