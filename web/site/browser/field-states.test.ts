/** What a field shows and no attribute says: chosen options, switches, forms that are reset. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen, recordSteps } from './computed';

const LISTS = `<select id="one"><option>one</option><option>two</option><option>three</option></select>
  <select id="grouped"><optgroup label="x"><option id="ga">a</option></optgroup><optgroup label="y"><option id="gb">b</option></optgroup></select>
  <select id="many" multiple><option id="ma" selected>a</option><option id="mb">b</option><option id="mc">c</option></select>
  <select id="same"><option value="s">first</option><option value="s">second</option></select>`;
const SWITCHES = `<input type="checkbox" id="box" checked><input type="checkbox" id="half">
  <form id="first"><input type="radio" name="r" id="r1" checked><input type="radio" name="r" id="r2"></form>
  <form id="second"><input type="radio" name="r" id="r3" checked><input type="radio" name="r" id="r4"></form>
  <form id="third"><input type="radio" name="r" id="r5"><input type="radio" name="r" id="r6" checked></form>
  <form id="fourth"><input type="radio" name="r" id="r7" checked><input type="radio" name="r" id="r8" checked></form>`;
const FORM = `<form id="form"><input id="text" value="as it was"><input id="range" type="range" min="0" max="100" value="20"><input id="number" type="number" value="1">
  <input id="date" type="date" value="2026-01-01"><input id="color" type="color" value="#112233"><textarea id="area">long</textarea>
  <select id="choice"><option>one</option><option>two</option></select><input type="checkbox" id="agree"></form>
  <progress id="progress" max="10" value="1"></progress><meter id="meter" max="10" value="1"></meter><details id="details"><summary>More</summary>Text</details>`;
const HOST = `<div id="host"></div><script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<form id="form"><select id="list"><optgroup label="x"><option>a</option><option id="b">b</option></optgroup></select><input type="checkbox" id="half"><button type="reset">x</button></form><div id="long" style="height: 20px; overflow: auto"><div style="height: 900px">x</div></div>'</script>`;
const FRAME = `<iframe id="frame" srcdoc="<select id=list><option>a<option id=b>b</select><input type=checkbox id=half><div id=long style='height: 20px; overflow: auto'><div style='height: 900px'>x</div></div>"></iframe>`;
const page = (body: string) => `<!doctype html><html lang="en"><head><title>Fields</title></head><body>${body}</body></html>`;
const own = (path: string, ...names: string[]): Probe[] => names.map((name) => [path, `.${name}`] as const);
const step = (name: string, act: string): Step => ({ name, act });
const OPEN = { privacy: 'inputs', more: { maskAllInputs: false } };

const LIST_PROBES = ['one', 'grouped', 'many', 'same'].flatMap((id) => own(`#${id}`, 'selectedIndex')).concat(own('#many', 'selectedOptions'));
const LIST_STEPS = [
  step('an option', 'one.options[2].selected = true'),
  step('in a group', 'gb.selected = true'),
  step('several', 'mb.selected = mc.selected = true; ma.selected = false'),
  step('by index', 'one.selectedIndex = 1'),
  step('none', 'one.selectedIndex = -1'),
  step('of one value', 'same.selectedIndex = 1'),
  step('new ones, chosen from the start', 'many.append(new Option("d", "d", true, true), new Option("e", "e", false, true)); grouped.append(new Option("c", "c", false, true))'),
  step('a chosen one goes', 'many.lastChild.remove()'),
  step('another option is there', 'one.add(new Option("zero"), 0); one.selectedIndex = 0'),
  { name: 'by the visitor', act: (visited) => visited.selectOption('#many', ['a', 'c']) },
] satisfies Step[];

test('options that are chosen', { timeout: 120_000 }, async () => {
  await expectSeen(browser, page(LISTS), LIST_PROBES, LIST_STEPS, OPEN);
});

test('switches that are on, off, or neither', { timeout: 120_000 }, async () => {
  const probes = [...['box', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'].flatMap((id) => own(`#${id}`, 'checked')), ...['box', 'half'].flatMap((id) => own(`#${id}`, 'indeterminate'))];
  const steps: Step[] = [
    step('indeterminate', 'half.indeterminate = true'),
    step('both', 'box.indeterminate = true; box.checked = true'),
    { name: 'a click decides', act: (visited) => visited.click('#half') },
    { name: 'a button of a form', act: (visited) => visited.click('#r1') },
    step('a button of another form', 'r4.checked = true'),
  ];
  await expectSeen(browser, page(SWITCHES), probes, steps, { ...OPEN, before: `addEventListener('load', () => { box.checked = false; r2.checked = r5.checked = r7.checked = true; box.indeterminate = true })` });
});

test('values that scripts set by other members, and a form that is reset', { timeout: 120_000 }, async () => {
  const probes = [
    ...['text', 'range', 'number', 'date', 'color', 'area', 'progress', 'meter'].flatMap((id) => own(`#${id}`, 'value')),
    ...own('#choice', 'selectedIndex'),
    ...own('#agree', 'checked'),
    ...own('#details', 'open'),
  ];
  const steps: Step[] = [
    step('a number', 'range.valueAsNumber = 60; number.stepUp(4)'),
    step('a date', 'date.valueAsDate = new Date(Date.UTC(2026, 4, 1)); color.value = "#445566"'),
    step('a part of a text', 'text.setRangeText("XX", 0, 2); area.setRangeText("YY", 0, 2)'),
    step('progress', 'progress.value = 7; meter.value = 3; details.open = true'),
    { name: 'typed', act: async (visited) => (await visited.fill('#text', 'typed'), await visited.check('#agree'), await visited.selectOption('#choice', 'two')) },
    step('reset', 'form.reset(); progress.removeAttribute("value")'),
    step('another default after that', 'text.defaultValue = "another"; area.defaultValue = "longer"'),
    { name: 'typed again', act: (visited) => visited.fill('#text', 'typed again') },
    step('a default that is not shown', 'text.defaultValue = "hidden"; number.defaultValue = 7'),
  ];
  await expectSeen(browser, page(FORM), probes, steps, OPEN);
});

test('in a shadow tree and a frame', { timeout: 120_000 }, async () => {
  const probes = ['#host', '#frame'].flatMap((root) => [...own(`${root} >> #list`, 'selectedIndex'), ...own(`${root} >> #half`, 'indeterminate'), ...own(`${root} >> #long`, 'scrollTop')]);
  const inBoth = (act: string) => `for (const root of [host.shadowRoot, frames[0].document]) { const get = (id) => root.querySelector('#' + id); ${act} }`;
  const steps: Step[] = [
    step('chosen', inBoth('get("b").selected = true')),
    step('indeterminate', inBoth('get("half").indeterminate = true')),
    step('scrolled', inBoth('get("long").scrollTop = 300')),
    step('reset', 'host.shadowRoot.querySelector("button").click()'),
  ];
  await expectSeen(browser, page(HOST + FRAME), probes, steps, OPEN);
});

test.for(['inputs', 'text', 'private'])('at the level %s nothing tells which option is chosen', { timeout: 120_000 }, async (privacy) => {
  const steps = LIST_STEPS.slice(0, -2);
  const { visit } = await recordSteps(browser, page(LISTS), LIST_PROBES, steps, { privacy });
  const inputs = (await visit.lines()).filter((line) => line.includes('"source":5,'));
  await visit.end();

  expect(inputs.length).toBeGreaterThan(4);
  for (const line of inputs) expect((JSON.parse(line) as { data: object }).data).toEqual({ source: 5, id: expect.any(Number), text: '*', isChecked: false });
});
