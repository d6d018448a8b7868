/** What a page does wrong with its style sheets throws as it would without the recorder, and is no error of the recorder. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { visitShop } from './phone';

const PAGE = '<!doctype html><html lang="en"><title>Rules</title><style id="sheet">a { color: red } @media print { a { color: blue } }</style><p id="text">Rules</p></html>';
/** The name of what each of these throws. */
const TRIED = `(() => {
  const { sheet } = document.querySelector('#sheet');
  const [, media] = sheet.cssRules;
  const { style } = document.querySelector('#text');
  const thrown = (call) => { try { call(); return 'nothing'; } catch ({ name }) { return name; } };
  return [
    () => sheet.insertRule('a::-moz-focus-inner {}'), () => sheet.insertRule('b {}', 99), () => sheet.insertRule(), () => sheet.deleteRule(99),
    () => media.insertRule('}'), () => media.deleteRule(9), () => sheet.replaceSync('b {}'), () => style.setProperty(), () => style.setProperty('color', 'red'),
  ].map(thrown);
})()`;

test('a rule that the browser refuses throws in a recorded page, too', async () => {
  const plain = await browser.newPage();
  await plain.setContent(PAGE);
  const unrecorded = await plain.evaluate(TRIED);
  await plain.close();
  const visit = await visitShop(browser, {}, { page: PAGE });
  const recorded = await visit.page.evaluate(TRIED);
  await visit.end();

  expect(unrecorded).toEqual(['SyntaxError', 'IndexSizeError', 'TypeError', 'IndexSizeError', 'SyntaxError', 'IndexSizeError', 'NotAllowedError', 'TypeError', 'nothing']);
  expect(recorded).toEqual(unrecorded);
});
