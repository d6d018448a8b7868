import Sortable from 'sortablejs';

const lists = { Quay: ['Tea', 'Salt', 'Timber', 'Rope'], Crane: ['Coal'], Ship: ['Grain', 'Wool'] };
document.querySelector('main').innerHTML = Object.entries(lists)
  .map(([name, goods]) => `<section><h2>${name}</h2><div class="list" id="${name}">${goods.map((one) => `<div class="card" id="${one}">${one}</div>`).join('')}</div></section>`)
  .join('');
for (const list of document.querySelectorAll('.list')) new Sortable(list, { group: 'cargo', animation: 150, forceFallback: true });

const crate = document.querySelector('#crate');
crate.onpointerdown = (event) => {
  const from = { x: event.clientX - crate.offsetLeft, y: event.clientY - crate.offsetTop };
  crate.setPointerCapture(event.pointerId);
  crate.onpointermove = ({ clientX, clientY }) => Object.assign(crate.style, { left: `${clientX - from.x}px`, top: `${clientY - from.y}px` });
  crate.onpointerup = () => (crate.onpointermove = null);
};

const [mail, hold] = [document.querySelector('#mail'), document.querySelector('#hold')];
mail.ondragstart = (event) => event.dataTransfer.setData('text/plain', mail.id);
hold.ondragover = (event) => {
  event.preventDefault();
  hold.classList.add('over');
};
hold.ondrop = (event) => {
  event.preventDefault();
  hold.classList.remove('over');
  hold.append(document.getElementById(event.dataTransfer.getData('text/plain')));
  mail.style.position = 'static';
};
