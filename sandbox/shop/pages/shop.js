/** The teas, and the cart, which lasts as long as the tab. */

const TEAS = [
  { id: 'sencha', name: 'Sencha', taste: 'Green, fresh grass', cents: 1250, story: 'Steamed on the day of picking. Brew it at 70 degrees for one minute, and the same leaves twice more.' },
  { id: 'assam', name: 'Assam', taste: 'Black, malt', cents: 980, story: 'Strong enough for milk. Brew it with boiling water for four minutes.' },
  { id: 'oolong', name: 'Oolong', taste: 'Half dark, flowers', cents: 1620, story: 'Rolled leaves that open slowly. Brew it at 90 degrees, up to five times.' },
  { id: 'rooibos', name: 'Rooibos', taste: 'Red, vanilla', cents: 740, story: 'No tea at all, and no caffeine. It never turns bitter, however long it stands.' },
];
const KEY = 'cart';

const byId = (id) => document.getElementById(id);
const price = (cents) => `€ ${(cents / 100).toFixed(2)}`;
const cart = () => JSON.parse(sessionStorage.getItem(KEY) ?? '[]');

function save(ids) {
  sessionStorage.setItem(KEY, JSON.stringify(ids));
  byId('cart-count').textContent = String(ids.length);
}

/** A copy of a template with the texts of a tea. */
function filled(template, tea, onPress) {
  const copy = byId(template).content.cloneNode(true);
  const set = (part, text) => copy.querySelectorAll(part).forEach((element) => (element.textContent = text));
  set('.name', tea.name);
  set('.taste', tea.taste);
  set('.story', tea.story);
  set('.price', price(tea.cents));
  copy.querySelectorAll('a.name').forEach((link) => (link.href = `/teas/${tea.id}`));
  copy.querySelectorAll('.tin').forEach((tin) => tin.classList.add(tea.id));
  copy.querySelector('button').addEventListener('click', onPress);
  return copy;
}

function add({ id }) {
  return ({ currentTarget }) => {
    save([...cart(), id]);
    currentTarget.textContent = 'Add another';
  };
}

function showTeas() {
  byId('teas').append(...TEAS.map((tea) => filled('card', tea, add(tea))));
}

function showTea() {
  const tea = TEAS.find(({ id }) => location.pathname === `/teas/${id}`);
  if (tea) document.title = `${tea.name} – Quay Tea`;
  document.querySelector('main').append(tea ? filled('product', tea, add(tea)) : byId('unknown').content.cloneNode(true));
}

function showCart() {
  const ids = cart();
  const teas = ids.map((id) => TEAS.find((tea) => tea.id === id)).filter(Boolean);
  const remove = (index) => () => {
    save(ids.filter((_, other) => other !== index));
    showCart();
  };
  byId('items').replaceChildren(...teas.map((tea, index) => filled('item', tea, remove(index))));
  byId('sum').textContent = price(teas.reduce((sum, { cents }) => sum + cents, 0));
  byId('empty').hidden = teas.length > 0;
  byId('full').hidden = teas.length === 0;
}

save(location.pathname === '/thanks' ? [] : cart());
if (byId('card')) showTeas();
if (byId('product')) showTea();
if (byId('item')) showCart();
