/** The wind at the pier, redrawn ten times a second, which makes the recording of a busy page grow. */

const MS_BETWEEN_READINGS = 100;
const READINGS_SHOWN = 80;
const WIDTH = 480;
const HEIGHT = 60;

const trace = /** @type {SVGPolylineElement} */ (document.querySelector('#wind-trace polyline'));
const figure = /** @type {HTMLOutputElement} */ (document.querySelector('#wind'));

/**
 * The wind at that reading, in metres a second: gusts, but the same ones on every visit.
 *
 * @param {number} reading
 */
function windAt(reading) {
  return 8 + 3 * Math.sin(reading / 9) + 1.5 * Math.sin(reading / 2.3) + 0.8 * Math.sin(reading * 1.7);
}

/** @param {number} latest number of the newest reading, which is drawn at the right edge */
function draw(latest) {
  const points = Array.from({ length: READINGS_SHOWN }, (_, index) => {
    const x = (WIDTH * index) / (READINGS_SHOWN - 1);
    const y = HEIGHT - 4 * windAt(latest - READINGS_SHOWN + 1 + index);
    return `${x.toFixed(0)},${y.toFixed(1)}`;
  });
  trace.setAttribute('points', points.join(' '));
  figure.textContent = `${windAt(latest).toFixed(1)} m/s`;
}

let reading = 0;
draw(reading);
const timer = setInterval(() => draw(++reading), MS_BETWEEN_READINGS);
addEventListener('pagehide', () => clearInterval(timer), { once: true });
