// What both pages do: draw a canvas, open a shadow root, and change when the button is pressed.
const SHADOW = '<style>p { margin: 0; height: 20px; background: #bae6fd }</style><p id="inside">shadow</p><p id="changing">as loaded</p>';

function draw(colour) {
  const pen = document.getElementById('canvas').getContext('2d');
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 60, 60);
  pen.fillStyle = '#1d4ed8';
  pen.fillRect(20, 20, 20, 20);
}

draw('#fca5a5');
document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = SHADOW;
document.getElementById('add').addEventListener('click', () => {
  for (const text of ['one', 'two', 'three']) {
    const row = document.createElement('li');
    row.id = `row-${text}`;
    row.textContent = `row ${text}`;
    document.getElementById('list').append(row);
  }
  document.getElementById('row-two').classList.add('changed');
  document.getElementById('frame').contentDocument.getElementById('changing').textContent = 'changed';
  document.getElementById('host').shadowRoot.getElementById('changing').textContent = 'changed';
  draw('#d8b4fe');
});
