import { INCREMENTAL, type Json, isObject } from '../event';
import type { Correction } from './correction';

const CUSTOM_ELEMENT = 16;
const NAME = /^[a-z][a-z0-9]*-[a-z0-9-]*$/;

/**
 * Lets `:defined` match an element from when the page defined it.
 *
 * rrweb 2.1.6 records the call and its player passes over it, so an element that is hidden until it is defined stays
 * hidden: https://github.com/rrweb-io/rrweb/issues/1314. Right would be to define it in `applyIncremental`.
 *
 * browser/rebuilt.test.ts says when this can go.
 */
export function createCustomElements(): Correction {
  return {
    handler(event, _, { replayer }) {
      const { data } = event as unknown as { data: Json };
      const { contentWindow } = replayer.iframe;
      if ((event.type as number) !== INCREMENTAL || data['source'] !== CUSTOM_ELEMENT || !isObject(data['define']) || !contentWindow) return;
      const { name } = data['define'];
      const { customElements, HTMLElement } = contentWindow as Window & typeof globalThis;
      if (typeof name !== 'string' || !NAME.test(name) || customElements.get(name)) return;
      customElements.define(name, class extends HTMLElement {});
    },
  };
}
