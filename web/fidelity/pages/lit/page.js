import { LitElement, css, html, svg } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';

class TideRow extends LitElement {
  static properties = { tide: { type: Object }, chosen: { type: Boolean, reflect: true } };
  static styles = css`:host { display: grid; grid-template-columns: 80px 1fr auto; padding: 8px; border-bottom: 1px solid #ddd } :host([chosen]) { background: #fef3c7 } i { display: block; height: 12px; background: #0369a1; align-self: center } :host(:hover) b { color: #b45309 }`;
  render() {
    return html`<b>${this.tide.at}</b><i style=${styleMap({ width: `${this.tide.metres * 20}%` })}></i><slot></slot>`;
  }
}
customElements.define('tide-row', TideRow);

class TideClock extends LitElement {
  static properties = { tides: { state: true }, chosen: { state: true }, late: { state: true } };
  static styles = css`h1 { font-size: 24px; margin: 0 } .late { color: #b91c1c; text-decoration: underline wavy } svg { float: right } button { font: inherit }`;
  constructor() {
    super();
    this.tides = [['06:10', 4.1], ['12:22', 0.7], ['18:40', 3.9]].map(([at, metres]) => ({ at, metres }));
  }
  render() {
    return html`
      <svg width="120" height="120" viewBox="-60 -60 120 120"><circle r="50" fill="#e0f2fe" stroke="#0369a1"></circle>${this.tides.map(({ metres }, n) => svg`<line x2=${metres * 10} y2=${n * 12 - 20} stroke="#b45309" stroke-width="3"></line>`)}</svg>
      <h1 class=${classMap({ late: this.late })}>Tides <slot name="where">here</slot></h1>
      ${repeat(this.tides, ({ at }) => at, (tide) => html`<tide-row .tide=${tide} ?chosen=${tide.at === this.chosen} @click=${() => (this.chosen = tide.at)}>${tide.metres} m</tide-row>`)}
      <p><input .value=${this.chosen ?? ''} placeholder="none chosen"> <button id="turn" @click=${() => (this.tides = [...this.tides].reverse())}>Turn</button> <button id="add" @click=${() => { this.tides = [{ at: '00:30', metres: 1.2 }, ...this.tides]; this.late = true; }}>Add</button></p>`;
  }
}
customElements.define('tide-clock', TideClock);
