/** Custom element `<tide-gauge>`: the water level, in a shadow root with a style sheet of its own. */

const MS_BETWEEN_READINGS = 250;
const READINGS_PER_TIDE = 60;

const style = new CSSStyleSheet();
style.replaceSync(`
  div { width: 150px; font-size: 13px; }
  b { float: right; font-variant-numeric: tabular-nums; }
  i { display: block; height: 6px; margin-top: 4px; border-radius: 3px; background: var(--line); }
  i::after { content: ''; display: block; height: 6px; width: var(--level); border-radius: 3px; background: var(--sea); }
`);

class TideGauge extends HTMLElement {
  #readings = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    root.innerHTML = '<div>Tide <b></b><i></i></div>';
    this.#show(root);
    this.#timer = setInterval(() => this.#show(root), MS_BETWEEN_READINGS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** @param {ShadowRoot} root */
  #show(root) {
    const share = 0.5 + 0.5 * Math.sin((2 * Math.PI * this.#readings++) / READINGS_PER_TIDE);
    const figure = root.querySelector('b');
    if (figure) figure.textContent = `${(0.4 + 3.2 * share).toFixed(2)} m`;
    root.querySelector('i')?.style.setProperty('--level', `${Math.round(100 * share)}%`);
  }
}

customElements.define('tide-gauge', TideGauge);
