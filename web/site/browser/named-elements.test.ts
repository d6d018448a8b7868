/** Elements that are named as members of their document or form take the places of these: the page is recorded as any other. */
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { recordGuest } from './guest';

const OF_DOCUMENT =
  'nodeType nodeName DOCUMENT_NODE compatMode title body head defaultView documentElement scrollingElement querySelector querySelectorAll getSelection readyState visibilityState activeElement currentScript prerendering fonts styleSheets cookie addEventListener createElement hasFocus doctype';
const OF_FORM =
  'nodeType ELEMENT_NODE nodeName localName tagName attributes children childNodes firstChild nextSibling parentNode parentElement ownerDocument isConnected matches closest getAttribute querySelectorAll id name className style classList dataset scrollLeft scrollTop editContext assignedSlot shadowRoot elements type value';

const CASES = [
  ...OF_DOCUMENT.split(' ').map((name) => ['document', name] as const),
  ...OF_FORM.split(' ').map((name) => ['form', name] as const),
];
const BODY = {
  document: (name: string) => `<img name="${name}"><form name="${name}"></form><b>text</b>`,
  form: (name: string) => `<form id="f" class="c"><input name="${name}" value="v"><b>text</b></form><i>after</i>`,
};

/** The snapshot and the mutations, with the name left out. */
async function recorded(of: 'document' | 'form', name: string): Promise<object> {
  const { said, events } = await recordGuest(browser, BODY[of](name));
  const pages = events.filter(({ type, data }) => type === 2 || (type === 3 && (data as { source: number }).source === 0)).map(({ data }) => data);
  return { said, pages: JSON.stringify(pages).replaceAll(`"name":"${name}"`, '"name":""') };
}

let asAnyOther: Record<'document' | 'form', object>;
beforeAll(async () => {
  asAnyOther = { document: await recorded('document', 'other'), form: await recorded('form', 'other') };
  expect(JSON.stringify(asAnyOther.form)).toContain('added');
});

test.for(CASES)('of a %s: %s', async ([of, name]) => {
  expect(await recorded(of, name)).toEqual(asAnyOther[of]);
});
