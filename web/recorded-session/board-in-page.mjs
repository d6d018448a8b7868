/**
 * Runs in its own page: the board of a busy harbour, and a simulated user who works at it while the page's clock runs.
 * The page is never reloaded, so its recording has one snapshot and then only changes.
 */
import { record } from '@rrweb/record';

const ROWS = 400;
/** The part of each minute in which the user is active. */
const AT_WORK_MS = 40_000;
const STYLE = `body { margin: 0; font: 14px sans-serif } header, form { padding: 12px } table { width: 100% }
  .late { color: #b91c1c } .moved { background: #fef9c3 } tr.chosen { outline: 2px solid #0d9488 }`;

/** @type {import('@rrweb/types').eventWithTime[]} */
let events = [];
let seed = 1;

/** A pseudorandom integer below `end`, the same in every recording. */
function random(/** @type {number} */ end) {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % end;
}

const cell = (/** @type {string} */ text) => `<td><span class="value">${text}</span></td>`;
const name = () => `${['Tern', 'Aurora', 'Kittiwake', 'Gannet', 'Dunlin'][random(5)]} ${random(900)}`;
const row = () =>
  `<tr>${cell(name())}${cell(`berth ${random(40)}`)}${cell(`${random(24)}:00`)}${cell(`${random(9000)} t`)}${cell('due')}</tr>`;

/** Builds the page, starts to record it, and starts the user. */
export function start() {
  document.title = 'Board';
  document.head.append(Object.assign(document.createElement('style'), { textContent: STYLE }));
  document.body.innerHTML = `<header><h1>Board</h1><output id="clock">0</output></header>
    <form><label>Note <input name="note"></label></form>
    <table><tbody>${Array.from({ length: ROWS }, row).join('')}</tbody></table>`;
  if (!record({ emit: (event) => void events.push(event) })) throw new Error('rrweb did not start recording');
  const body = /** @type {HTMLElement} */ (document.querySelector('tbody'));
  every(1000, (second) => {
    /** @type {HTMLElement} */ (document.querySelector('#clock')).textContent = String(second);
  });
  every(1000, () => change(body));
  every(2000, () => replace(body));
  person(body);
}

/** The events since the last call, one a line. */
export function taken() {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  events = [];
  return lines;
}

function every(/** @type {number} */ ms, /** @type {(count: number) => void} */ act) {
  let count = 0;
  setInterval(() => act(++count), ms);
}

/** Changes the values of some ships, and whether they are late. */
function change(/** @type {HTMLElement} */ body) {
  for (let change = 0; change < 12; change++) {
    const value = body.children[random(ROWS)]?.querySelectorAll('.value')[3 + random(2)];
    if (!value) continue;
    value.textContent = `${random(9000)} t`;
    value.classList.toggle('late');
  }
}

/** Replaces some ships by others. */
function replace(/** @type {HTMLElement} */ body) {
  for (let gone = 0; gone < 8; gone++) body.children[random(ROWS - gone)]?.remove();
  for (let come = 0; come < 8; come++) body.children[random(body.children.length)]?.insertAdjacentHTML('beforebegin', row());
}

function person(/** @type {HTMLElement} */ body) {
  const note = /** @type {HTMLInputElement} */ (document.querySelector('[name=note]'));
  let [x, y] = [300, 300];
  const atWork = (/** @type {() => void} */ act) => () => void (Date.now() % 60_000 < AT_WORK_MS && act());
  every(50, atWork(() => {
    [x, y] = [(x + random(31)) % 1200, (y + random(21)) % 700];
    const at = { clientX: x, clientY: y, bubbles: true };
    (document.elementFromPoint(x, y) ?? body).dispatchEvent(new MouseEvent('mousemove', at));
  }));
  every(4000, atWork(() => {
    const chosen = document.elementFromPoint(x, y)?.closest('tr');
    for (const type of ['mousedown', 'mouseup', 'click']) {
      chosen?.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: y, bubbles: true }));
    }
    chosen?.classList.toggle('chosen');
  }));
  every(300, atWork(() => window.scrollBy(0, random(2) === 0 ? 120 : -110)));
  every(200, atWork(() => {
    note.value = `${note.value}${random(10)}`.slice(-40);
    note.dispatchEvent(new Event('input', { bubbles: true }));
  }));
}
