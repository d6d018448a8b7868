/** The list of arrivals: rows are added by the form, changed, moved and removed by their buttons. */

const list = /** @type {HTMLOListElement} */ (document.querySelector('#arrivals'));
const form = /** @type {HTMLFormElement} */ (document.querySelector('#arrival'));
const count = /** @type {HTMLOutputElement} */ (document.querySelector('#count'));
const mark = /** @type {HTMLButtonElement} */ (document.querySelector('#mark'));
const watch = /** @type {HTMLButtonElement} */ (document.querySelector('#watch'));

/**
 * @param {string} label
 * @param {() => void} act
 */
function button(label, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', act);
  return made;
}

function showCount() {
  count.textContent = String(list.children.length);
}

/** @param {string} ship */
function addArrival(ship) {
  const row = document.createElement('li');
  const name = document.createElement('strong');
  name.textContent = ship;
  const state = document.createElement('span');
  state.className = 'state';
  state.textContent = 'waiting';
  row.append(
    name,
    state,
    button('Moor', () => {
      row.classList.toggle('moored');
      state.textContent = row.matches('.moored') ? 'moored ✓' : 'waiting';
    }),
    button('Up', () => row.previousElementSibling?.before(row)),
    button('Depart', () => {
      row.remove();
      showCount();
    }),
  );
  list.append(row);
  showCount();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = form.elements;
  const ship = /** @type {HTMLInputElement} */ (fields.namedItem('ship'));
  addArrival(ship.value);
  // Not form.reset(): rrweb sees values that are set one by one, but not a reset.
  for (const name of ['ship', 'agent', 'code', 'remarks']) {
    /** @type {HTMLInputElement} */ (fields.namedItem(name)).value = '';
  }
  ship.focus();
});

mark.addEventListener('click', () => {
  const sheet = document.styleSheets[0];
  sheet?.insertRule('#arrivals li.moored { border-left-color: #2e9e6b; }', sheet.cssRules.length);
  mark.disabled = true;
});

watch.addEventListener('click', () => {
  const root = document.documentElement;
  if (root.dataset.watch === 'night') delete root.dataset.watch;
  else root.dataset.watch = 'night';
  watch.setAttribute('aria-pressed', String(root.dataset.watch === 'night'));
});

['Aurora', 'Kittiwake', 'Old Faithful', 'Þórr & Sons', 'Tern'].forEach(addArrival);
