import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';

const ID = 'rrweb-store-badge';
/** The first blocks it, so all that the badge shows stays out of the events; by the second it is found in them. */
const CLASSES = `rr-block ${ID}`;
const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;
const STYLE = `
:host { all: initial; position: fixed; z-index: 2147483647; inset: auto 12px 12px auto; max-width: calc(100vw - 24px); }
div { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 12px; border-radius: 8px;
  background: #1b1f24; color: #fff; font: 14px/1.4 system-ui, sans-serif; box-shadow: 0 2px 12px #0006; }
i { width: 10px; height: 10px; border-radius: 50%; background: #9aa4af; }
i.on { background: #ff5d5d; }
button { font: inherit; color: inherit; background: #3a424c; border: 1px solid #6b7684; border-radius: 6px; padding: 2px 10px; cursor: pointer; }
button:focus-visible { outline: 2px solid #fff; }`;

export interface Badge {
  /** `on`: the page is recorded now. */
  say(text: string, on: boolean): void;
  /** Show these buttons only, from left to right. */
  offer(...buttons: readonly (readonly [label: string, act: () => void])[]): void;
  remove(): void;
}

/**
 * Show in the corner of the page whether it is recorded; `undefined` if there is a badge already.
 *
 * rrweb does not record its shadow tree, and a policy against inline styles does not apply to a constructed style sheet.
 */
export function showBadge(): Badge | undefined {
  if (document.getElementById(ID)) return undefined;
  const host = document.createElement('div');
  host.id = ID;
  host.className = CLASSES;
  const shadow = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const box = shadow.appendChild(document.createElement('div'));
  const light = box.appendChild(document.createElement('i'));
  const status = box.appendChild(document.createElement('span'));
  status.setAttribute('role', 'status');
  document.documentElement.append(host);

  return {
    say(text, on) {
      status.textContent = text;
      host.dataset['state'] = text; // for the page's own scripts
      light.className = on ? 'on' : '';
    },
    offer(...buttons) {
      box.replaceChildren(
        light,
        status,
        ...buttons.map(([label, act]) => {
          const button = document.createElement('button');
          button.textContent = label;
          button.addEventListener('click', act);
          return button;
        }),
      );
    },
    remove: () => host.remove(),
  };
}

/** Leave the badge out of an event: a replay would show it as a box in the flow of the page. */
export function removeBadge({ type, data }: eventWithTime): void {
  if (type === FULL_SNAPSHOT && 'childNodes' in data.node) {
    for (const root of data.node.childNodes) if ('childNodes' in root) root.childNodes = root.childNodes.filter(isOfPage);
  }
  if (type === INCREMENTAL && data.source === MUTATION) data.adds = data.adds.filter(({ node }) => isOfPage(node));
}

const isOfPage = (node: serializedNodeWithId): boolean => !('attributes' in node) || node.attributes.class !== CLASSES;
