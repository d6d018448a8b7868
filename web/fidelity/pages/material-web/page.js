import '@material/web/all.js';

document.querySelector('#write').addEventListener('click', () => document.querySelector('#dialog').show());
