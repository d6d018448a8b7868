/** Elements that are named as members of their document or form take the places of these: the page is recorded as any other. */
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { recordGuest } from './guest';

const OF_DOCUMENT =
  'nodeType nodeName DOCUMENT_NODE compatMode title body head defaultView documentElement scrollingElement querySelector querySelectorAll getSelection readyState visibilityState activeElement currentScript prerendering fonts styleSheets cookie addEventListener createElement hasFocus doctype';
const OF_FORM =
  'nodeType ELEMENT_NODE nodeName localName tagName attributes children childNodes firstChild nextSibling parentNode parentElement ownerDocument isConnected matches closest getAttribute querySelectorAll id name className style classList dataset scrollLeft scrollTop editContext assignedSlot shadowRoot elements type value';

/** The snapshot and the mutations, with the names left out. */
async function recorded(body: string, names: readonly string[]): Promise<object> {
  const { said, events } = await recordGuest(browser, body);
  const pages = JSON.stringify(events.filter(({ type, data }) => type === 2 || (type === 3 && (data as { source: number }).source === 0)).map(({ data }) => data));
  expect(pages).toContain('"added"');
  const unnamed = names.reduce((text, name) => text.replaceAll(`"name":"${name}"`, '"name":""'), pages);
  return { said, pages: JSON.parse(unnamed) as object };
}

const inDocument = (name: string) => recorded(`<img name="${name}"><form name="${name}"></form><b>text</b>`, [name]);
let asAnyOther: object;
beforeAll(async () => {
  asAnyOther = await inDocument('other');
});

test.for(OF_DOCUMENT.split(' '))('of a document: %s', async (name) => {
  expect(await inDocument(name)).toEqual(asAnyOther);
});

/** Each form has one: none takes the place that another one needs. */
const inForms = (names: readonly string[]) =>
  recorded(names.map((name) => `<form id="f" class="c"><input name="${name}" value="v"><b>text</b></form><i>after</i>`).join(''), names);

test('of forms', async () => {
  const names = OF_FORM.split(' ');
  expect(await inForms(names)).toEqual(await inForms(names.map((_, n) => `other${n}`)));
});
