/**
 * Keeps what the page hooks over rrweb's own hooks, which rrweb 2.1.6 overwrites as it stops or takes a snapshot.
 *
 * https://github.com/rrweb-io/rrweb/issues/1518: rrweb should put a method back only while it still finds its own wrapper
 * there. This file can go when `tests/e2e/test_recorder_world.py` passes without it.
 */

type Place = readonly [owner: object, name: string];
type Found = PropertyDescriptor | undefined;

/** Classes of whose prototypes rrweb hooks members. */
const HOOKED = [
  'CSSStyleSheet', 'CSSGroupingRule', 'CSSMediaRule', 'CSSConditionRule', 'CSSSupportsRule', 'CSSStyleDeclaration', 'Element',
  'HTMLInputElement', 'HTMLSelectElement', 'HTMLTextAreaElement', 'HTMLOptionElement',
];

function placesOf(page: Window): Place[] {
  const members = HOOKED.flatMap((name) => {
    const owner = (page as unknown as Record<string, { prototype: object } | undefined>)[name]?.prototype;
    return owner ? Object.getOwnPropertyNames(owner).map((member): Place => [owner, member]) : [];
  });
  const { document, customElements } = page;
  return [...members, [page, 'FontFace'], [document, 'adoptedStyleSheets'], [document.fonts, 'add'], [customElements, 'define']];
}

export const isSame = (one: Found, other: Found): boolean => one?.value === other?.value && one?.get === other?.get && one?.set === other?.set;

function put([owner, name]: Place, found: Found): void {
  if (found) Reflect.defineProperty(owner, name, found); // unless the page has frozen it
  else Reflect.deleteProperty(owner, name);
}

/** Of a frame's window nothing, once it shows a page of another origin. */
function foundAt([owner, name]: Place): Found {
  try {
    return Object.getOwnPropertyDescriptor(owner, name);
  } catch {
    return undefined;
  }
}

/** Follow what rrweb hooks in a window, between `before` and `after` of each of its doings. */
export function keepPageHooks(page: Window) {
  const places = placesOf(page);
  const read = (): Found[] => places.map(foundAt);
  /** By place: what was there before rrweb came, and what rrweb put there last. */
  const hooked = new Map<number, { readonly original: Found; ours: Found }>();
  let seen: Found[] | undefined;

  function after(): void {
    const was = seen;
    seen = undefined;
    if (!was) return;
    for (const [n, now] of read().entries()) {
      const known = hooked.get(n);
      if (isSame(was[n], now)) continue;
      if (!known) hooked.set(n, { original: was[n], ours: now });
      else if (isSame(was[n], known.ours)) known.ours = now;
      else put(places[n]!, was[n]); // a hook of the page, which calls rrweb's
    }
  }

  return {
    before(): void {
      seen ??= read();
    },
    after,
    /** rrweb has stopped: put back what it has left. */
    end(): void {
      after();
      for (const [n, { original, ours }] of hooked) {
        if (isSame(foundAt(places[n]!), ours)) put(places[n]!, original);
      }
    },
  };
}
