/** Fonts that a script adds and takes away. */
import { test } from 'vitest';
import { browser } from './chromium';
import { type Step, expectSeen } from './computed';

const step = (name: string, act: string): Step => ({ name, act });
const PAGE = '<!doctype html><html lang="en"><head><title>Fonts</title><style>@font-face { font-family: Own; src: local("Own") }</style></head><body><p>text</p></body></html>';

test('are there at each moment', { timeout: 90_000 }, async () => {
  await expectSeen(browser, PAGE, [['p', '.ownerDocument.fonts.size']], [
    step('three', `for (const weight of ['400', '700']) document.fonts.add(new FontFace('Late', 'local("Late")', { weight })); document.fonts.add(new FontFace('Other one', 'local("Late")'))`),
    step('one less', 'document.fonts.delete([...document.fonts].find(({ weight }) => weight === "700"))'),
    step('one more', `document.fonts.add(new FontFace('Later', 'local("Later")'))`),
    step('none but that of the sheet', 'document.fonts.clear()'),
  ]);
});
