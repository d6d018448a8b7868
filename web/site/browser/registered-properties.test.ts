/** Custom properties that a script registers: their inheritance, their initial values, and how they are animated. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen, recordSteps } from './computed';

const step = (name: string, act: string): Step => ({ name, act });
const STYLE = '<style>@property --sheet { syntax: "<length>"; inherits: false; initial-value: 4px } #box { width: var(--wide, 10px); margin-left: var(--sheet); color: var(--paint, rgb(9, 9, 9)) } #outer { --wide: 30px; --sheet: 9px; --paint: rgb(7, 7, 7) } #moving { --turn: 0; transition: --turn 1000s steps(4) -600s; opacity: var(--turn) }</style>';
const PAGE = `<!doctype html><html lang="en"><head><title>Properties</title>${STYLE}</head><body><div id="outer"><div id="box">box</div></div><div id="moving">moving</div><iframe id="frame" srcdoc='${STYLE}<div id="box">box</div>'></iframe></body></html>`;
const REGISTER = `CSS.registerProperty({ name: '--wide', syntax: '<length>', inherits: false, initialValue: '50px' })`;

test('they hold from the moment at which they are registered', { timeout: 120_000 }, async () => {
  const probes: Probe[] = [['#box', 'width'], ['#box', 'margin-left'], ['#box', 'color'], ['#moving', 'opacity'], ['#frame >> #box', 'width']];
  await expectSeen(browser, PAGE, probes, [
    step('a length that is not inherited', REGISTER),
    step('one whose value is computed', `CSS.registerProperty({ name: '--turn', syntax: '<number>', inherits: false, initialValue: 0 }); getComputedStyle(moving).opacity; moving.style.setProperty('--turn', '1')`),
    step('in a frame', `frame.contentWindow.${REGISTER}`),
    step('that fails, and a colour that is refused', `try { ${REGISTER} } catch {}; CSS.registerProperty({ name: '--paint', syntax: '<length>', inherits: true, initialValue: '0px' })`),
    step('a value', 'outer.style.setProperty("--paint", "1px"); box.style.setProperty("--wide", "77px")'),
  ]);
});

test.for(['text', 'private'])('at the level %s without texts', { timeout: 60_000 }, async (privacy) => {
  const { visit } = await recordSteps(browser, PAGE, [], [step('registered', `CSS.registerProperty({ name: '--said', syntax: '*', inherits: false, initialValue: '"Ann Lee"' }); ${REGISTER}`)], { privacy });
  const told = (await visit.lines()).filter((line) => line.includes('rrweb-store:properties')).join();
  await visit.end();

  expect(told).toContain('syntax:\\"<length>\\";inherits:false;initial-value:50px');
  expect(told).not.toMatch(/Ann|Lee/);
});
