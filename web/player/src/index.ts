/** Defines `<rrweb-store-player>`. On a server, where there are no elements, it does nothing. */
import { RrwebStorePlayer } from './rrweb-store-player';

export { RrwebStorePlayer, type GetToken, type PlayerProps } from './rrweb-store-player';

declare global {
  interface HTMLElementTagNameMap {
    'rrweb-store-player': RrwebStorePlayer;
  }
}

// A page may load the module twice, such as by two bundles.
if (typeof customElements !== 'undefined' && !customElements.get('rrweb-store-player')) {
  customElements.define('rrweb-store-player', RrwebStorePlayer);
}
