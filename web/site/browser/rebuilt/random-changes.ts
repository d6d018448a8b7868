/** Runs in a page: changes it by steps that were drawn, in its document, its shadow trees and the documents of its frames. */

/** A change by its name, or `pause`; `draws` are numbers from 0 to 1 that choose what it changes, used in turn. */
export interface Step {
  readonly change: string;
  readonly draws: readonly number[];
}

type Draw = <T>(list: ArrayLike<T>) => T | undefined;
type Tree = HTMLElement | ShadowRoot;

/** More would make a page slow to compare. */
const MOST_ELEMENTS = 250;
const TAGS = ['div', 'p', 'span', 'ul', 'li', 'b', 'section', 'button', 'details', 'dialog', 'table', 'fieldset', 'label', 'h2', 'a', 'pre', 'x-own'];
const CLASSES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
const HTML = [
  'plain text', '<b>bold</b> and <i>it</i>', '<ul><li>one<li>two</ul>', '<table><tr><td>1<td>2<tr><td>3</table>', '<details open><summary>s</summary>body</details>',
  '<select><option>a<option selected>b<option>c</select>', '<input value=x><input type=checkbox checked><textarea>tt</textarea>', '<input type=radio name=r><input type=radio name=r checked>',
  '<svg width=20 height=20><rect width=10 height=10 fill=red /><g><circle r=3 cx=5 cy=5 /></g></svg>', '<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>',
  '<div style="height:40px;width:80px;overflow:auto"><div style="height:200px">tall</div></div>', '<template><p>inert</p></template>', '<dialog>d</dialog>', '<div popover>pop</div>',
  '<style>.c1 { color: green }</style>', '<pre>\n\nx\ny</pre>', '<!-- comment -->text', '<p>a<p>b', '<fieldset disabled><legend>l</legend><input value=q></fieldset>',
  '<progress value=3 max=10></progress>', '<input type=range value=30><input type=date value=2026-01-02>', '<label>l <input></label>', '<div><template shadowrootmode=open><p>tree</p></template></div>', '',
];
const RULES = [
  '.c1 { background-color: yellow }', '.c2 { padding: 3px; color: blue }', 'p { margin: 2px }', ':host { display: block; border: 1px solid }', '::slotted(*) { color: red }', 'div > .c1 { border: 2px solid red }',
  '.c3::before { content: "x" }', '@media (min-width: 1px) { .c3 { opacity: .5 } }', '.c1 { & .c2 { color: purple } }', '@layer b { .c2 { color: orange } }', '@supports (display: grid) { .c4 { display: grid } }',
  '[hidden] { display: block; color: gray }', ':root { --v: rgb(1, 2, 3) }', '.c5 { color: var(--v, pink) }', '@container (min-width: 1px) { .c5 { color: teal } }', '@scope (.c1) { span { color: lime } }',
];
const ATTRIBUTES = [['hidden', ''], ['dir', 'rtl'], ['style', 'color: red; width: 50px'], ['style', 'background-color: cyan'], ['align', 'center'], ['slot', 'a'], ['open', ''], ['disabled', ''], ['contenteditable', 'true'], ['popover', 'manual']] as const;
/** A script would put nothing into them, or something of their own kind. */
const NO_PARENTS = /^(?:script|style|iframe|input|textarea|select|option|template|svg|rect|g|circle|math|mn|mfrac|progress)$/;
const MAY_HAVE_TREE = /^(?:div|p|span|section|h2|x-own)$/;

function trees(): Tree[] {
  const found: Tree[] = [];
  const walk = (tree: Tree): void => {
    found.push(tree);
    for (const element of tree.querySelectorAll('*')) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const body = element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument?.body : null;
      if (body) walk(body);
    }
  };
  walk(document.body);
  return found;
}

const elements = (): HTMLElement[] => trees().flatMap((tree) => [...tree.querySelectorAll<HTMLElement>('*')]);
const named = (selector: string): HTMLElement[] => elements().filter((one) => one.matches(selector));
const parents = (): HTMLElement[] => [...trees().filter((tree) => tree instanceof HTMLElement), ...elements()].filter(({ localName }) => !NO_PARENTS.test(localName));
/** Those whose content may be replaced. */
const holders = (): HTMLElement[] => parents().filter(({ localName }) => localName !== 'body');
const texts = (): Text[] => parents().flatMap((one) => [...one.childNodes].filter((node): node is Text => node.nodeType === Node.TEXT_NODE));
const roots = (): (Document | ShadowRoot)[] => trees().map((tree) => tree.getRootNode() as Document | ShadowRoot);
const sheets = (): CSSStyleSheet[] => [...new Set(roots().flatMap((root) => [...root.styleSheets, ...root.adoptedStyleSheets]))];

function rules(): CSSStyleRule[] {
  const groups: ArrayLike<CSSRule>[] = sheets().map(({ cssRules }) => cssRules);
  for (const group of groups) for (const rule of Array.from(group)) if ('cssRules' in rule) groups.push(rule.cssRules as CSSRuleList);
  return groups.flatMap((group) => Array.from(group)).filter((rule): rule is CSSStyleRule => 'selectorText' in rule);
}

let count = 0;

function made(draw: Draw, { ownerDocument }: Node): HTMLElement {
  const element = ownerDocument!.createElement(draw(TAGS)!);
  element.className = draw(['', ...CLASSES])!;
  if (draw([true, false])) element.append(`text ${++count}`);
  return element;
}

function put(draw: Draw, node: Node, parent: HTMLElement | undefined): void {
  if (parent && !node.contains(parent)) parent.insertBefore(node, draw([...parent.childNodes, null]) ?? null);
}

/** Elements that are out of the page for now. */
const away: HTMLElement[] = [];

const CHANGES: Readonly<Record<string, (draw: Draw) => void>> = {
  insert: (draw) => put(draw, made(draw, document.body), draw(parents())),
  remove(draw) {
    const element = draw(elements());
    element?.remove();
    if (element && draw([true, false])) away.push(element);
  },
  'put back': (draw) => put(draw, away.pop() ?? made(draw, document.body), draw(parents())),
  'change what is away': (draw) => draw(away)?.append(made(draw, document.body)),
  move: (draw) => put(draw, draw(elements())!, draw(parents())),
  'move all children'(draw) {
    const [from, to] = [draw(holders()), draw(holders())];
    if (from && to && !from.contains(to)) to.append(...from.childNodes);
  },
  'take out, change, put back'(draw) {
    const element = draw(holders());
    const [parent, next] = [element?.parentNode, element?.nextSibling ?? null];
    element?.remove();
    element?.append('changed');
    parent?.insertBefore(element!, next);
  },
  reverse(draw) {
    const parent = draw(parents());
    parent?.append(...[...parent.children].reverse());
  },
  copy: (draw) => draw(parents())?.append(draw(elements())!.cloneNode(true)),
  'inner HTML': (draw) => Object.assign(draw(holders()) ?? {}, { innerHTML: draw(HTML) }),
  'adjacent HTML': (draw) => draw(holders())?.insertAdjacentHTML(draw(['beforebegin', 'afterbegin', 'beforeend', 'afterend'] as const)!, draw(HTML)!),
  'parsed HTML': (draw) => draw(holders())?.setHTMLUnsafe(draw(HTML)!),
  replace: (draw) => draw(holders())?.replaceWith(made(draw, document.body), 'and', made(draw, document.body)),
  'replace children': (draw) => draw(holders())?.replaceChildren(made(draw, document.body), `text ${++count}`),
  text: (draw) => Object.assign(draw(texts()) ?? {}, { data: `changed ${++count}` }),
  'remove a text': (draw) => draw(texts())?.remove(),
  'split a text': (draw) => draw(texts().filter(({ length }) => length > 2))?.splitText(1),
  normalize: (draw) => draw(parents())?.normalize(),
  class: (draw) => draw(elements())?.classList.toggle(draw(CLASSES)!),
  attribute(draw) {
    const element = draw(holders());
    const [name, value] = draw(ATTRIBUTES)!;
    if (element?.hasAttribute(name)) element.removeAttribute(name);
    else element?.setAttribute(name, value);
  },
  style: (draw) => draw(holders())?.style.setProperty(draw(['color', 'background-color', '--v', 'display', 'opacity'])!, draw(['red', 'rgb(4, 5, 6)', 'block', '0.4', 'none'])!, draw(['', 'important'])),
  'shadow tree'(draw) {
    const host = draw(elements().filter(({ localName, shadowRoot }) => MAY_HAVE_TREE.test(localName) && !shadowRoot));
    if (host) host.attachShadow({ mode: 'open' }).innerHTML = `<style>${draw(RULES)}</style><p class=${draw(CLASSES)}>in shadow</p>${draw(['<slot></slot>', '<slot name=a></slot>', ''])}`;
  },
  'style element'(draw) {
    const parent = draw(parents())!;
    parent.append(Object.assign(parent.ownerDocument.createElement('style'), { textContent: `${draw(RULES)} ${draw(RULES)}` }));
  },
  'text of a style element': (draw) => Object.assign(draw([...named('style'), ...named('style').flatMap(({ childNodes }) => [...childNodes])]) ?? {}, { textContent: draw(RULES) }),
  'insert a rule'(draw) {
    const sheet = draw(sheets());
    sheet?.insertRule(draw(RULES)!, draw([0, sheet.cssRules.length]));
  },
  'delete a rule': (draw) => draw(sheets().filter(({ cssRules }) => cssRules.length))?.deleteRule(0),
  'declaration of a rule': (draw) => draw(rules())?.style.setProperty('color', draw(['red', 'green', 'rgb(7, 8, 9)'])!),
  'declarations of a rule': (draw) => Object.assign(draw(rules())?.style ?? {}, { cssText: 'color: olive; padding: 1px' }),
  'selector of a rule': (draw) => Object.assign(draw(rules()) ?? {}, { selectorText: draw(['.c1', '.c2', 'p', 'div, .c6']) }),
  'nested rule': (draw) => draw(rules())?.insertRule('& .c2 { color: brown }'),
  'switch a sheet'(draw) {
    const sheet = draw(sheets());
    if (sheet) sheet.disabled = !sheet.disabled;
  },
  'media of a sheet': (draw) => Object.assign(draw(sheets())?.media ?? {}, { mediaText: draw(['print', 'all', '']) }),
  'adopt a sheet'(draw) {
    const root = draw(roots())!;
    const sheet = new ((root.ownerDocument ?? (root as Document)).defaultView as unknown as typeof globalThis).CSSStyleSheet();
    sheet.replaceSync(draw(RULES)!);
    root.adoptedStyleSheets = [...draw([[], root.adoptedStyleSheets])!, sheet];
  },
  'replace an adopted sheet': (draw) => draw(roots().flatMap(({ adoptedStyleSheets }) => [...adoptedStyleSheets]))?.replaceSync(draw(RULES)!),
  'let an adopted sheet go': (draw) => draw(roots().filter(({ adoptedStyleSheets }) => adoptedStyleSheets.length))?.adoptedStyleSheets.shift(),
  frame(draw) {
    const frame = Object.assign(document.createElement('iframe'), { width: '120', height: '60' }, draw([{ srcdoc: `<p class=c1>${draw(HTML)}</p>` }, {}]));
    draw(parents())?.append(frame);
    if (!frame.srcdoc) frame.contentDocument?.body?.append('by a script');
  },
  'write a frame'(draw) {
    const page = (draw(named('iframe')) as HTMLIFrameElement | undefined)?.contentDocument;
    page?.open();
    page?.write(`<!doctype html><p>written ${++count}</p>${draw(HTML)}`);
    page?.close();
  },
  'document of a frame': (draw) => Object.assign(draw(named('iframe')) ?? {}, { srcdoc: `<i>document ${++count}</i>` }),
  value: (draw) => Object.assign(draw(named('textarea, input:not([type])')) ?? {}, { value: `value ${++count}` }),
  check: (draw) => Object.assign(draw(named('[type=radio], [type=checkbox]')) ?? {}, draw([{ checked: true }, { checked: false }, { indeterminate: true }])),
  choose: (draw) => Object.assign(draw(named('select')) ?? {}, { selectedIndex: draw([0, 1]) }),
  details: (draw) => draw(named('details'))?.toggleAttribute('open'),
  dialog(draw) {
    const dialog = draw(named('dialog')) as HTMLDialogElement | undefined;
    dialog?.[dialog.open ? 'close' : draw(['show', 'showModal'] as const)!]();
  },
  popover: (draw) => draw(named('[popover]'))?.togglePopover(),
  scroll: (draw) => Object.assign(draw(elements().filter(({ scrollHeight, clientHeight, localName }) => localName === 'div' && scrollHeight > clientHeight + 20)) ?? {}, { scrollTop: draw([10, 30]) }),
};

export const CHANGE_NAMES = Object.keys(CHANGES);

/** What the browser refuses is not done, as in a page that catches the exception. */
export async function change(steps: readonly Step[]): Promise<void> {
  for (const { change, draws } of steps) {
    let at = 0;
    const draw: Draw = (list) => list[Math.floor(draws[at++ % draws.length]! * list.length)];
    if (change === 'pause') await draw([() => new Promise((soon) => setTimeout(soon, 0)), () => new Promise((later) => setTimeout(later, 60)), () => new Promise(requestAnimationFrame), () => Promise.resolve()])!();
    else if (elements().length > MOST_ELEMENTS) draw(elements())!.remove();
    else
      try {
        CHANGES[change]!(draw);
      } catch (error) {
        if (!(error instanceof DOMException) && !(error instanceof TypeError)) throw error;
      }
  }
}
