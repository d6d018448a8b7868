/** Random recordings that no recorder makes: few ids, given to many elements, in any order. */
import * as fc from 'fast-check';

export interface Draw {
  /** Events in order of arrival, as JSON. */
  readonly lines: readonly string[];
  /** Share of them that has arrived before anything is shown, from 0 to 1. */
  readonly begins: number;
  /** Larger events are refused. */
  readonly maxNodes: number;
  /** A moment to jump to in between. */
  readonly seekMs: number;
  /** Whether it is also played, which takes longer than jumping. */
  readonly plays: boolean;
}

const EVIL = 'data:text/html,evil';
/** So few that most are given to several elements. rrweb uses none of the last ones. */
const id = fc.oneof(
  { weight: 24, arbitrary: fc.constantFrom(5, 6, 7, 8) },
  { weight: 4, arbitrary: fc.constantFrom(2, 3, 4) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(-1, -2, -3, -4, -5, -6, 0, '5', 5.5) },
);
const tag = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('iframe', 'img') },
  { weight: 4, arbitrary: fc.constantFrom('embed', 'object', 'a', 'form', 'link', 'meta', 'div', 'video', 'audio', 'style') },
  { weight: 1, arbitrary: fc.constantFrom('frame', 'IFRAME', 'Embed', 'script', 'base', 'input', 'button', 'dialog', 'x-a', 'math', 'mi', 'constructor') },
);
const attributes = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Record<string, unknown>>({ src: EVIL }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom('src', 'data', 'href', 'target', 'action', 'content', 'rel', 'name', 'onload', '_cssText', 'rr_mediaState', 'SRC'),
      fc.constantFrom(EVIL, 'javascript:evil', 'played', 'a{}'),
      { maxKeys: 3 },
    ),
  },
);
const kind = fc.constantFrom<object>(
  { isSVG: true },
  { namespace: 'svg' },
  { namespace: 'math' },
  { namespace: 'html', qualifiedName: 'iFrame' },
  { namespace: 'svg', qualifiedName: 'script' },
  { isShadowHost: true },
  { isShadow: true },
  { rootId: 1 },
);
const { node } = fc.letrec<{ node: Record<string, unknown> }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    { weight: 1, arbitrary: fc.record({ type: fc.constant(3), id, textContent: fc.constant('text') }) },
    {
      weight: 5,
      arbitrary: fc
        .record({
          id,
          tagName: tag,
          attributes: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: attributes }),
          childNodes: fc.array(tie('node'), { maxLength: 2 }),
          kind: fc.oneof({ weight: 8, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: kind }),
        })
        .map(({ kind, ...rest }) => ({ type: 2, ...rest, ...kind })),
    },
  ),
}));
const nodes = fc.array(node, { maxLength: 4 });

/** Usually a page; otherwise a node that is none, which rrweb builds as well. */
const page = nodes.chain((childNodes) => {
  const body = { type: 2, id: 4, tagName: 'body', attributes: {}, childNodes };
  const html = { type: 2, id: 2, tagName: 'html', attributes: {}, childNodes: [{ ...body, id: 3, tagName: 'head', childNodes: [] }, body] };
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant({ type: 0, id: 1, childNodes: [html] } as object) },
    { weight: 1, arbitrary: fc.constant({ type: 0, id: 1, childNodes: [html, ...Array.from({ length: 99 }, () => body)] }) },
    { weight: 1, arbitrary: node },
  );
});
const add = fc.record({
  parentId: fc.oneof({ weight: 2, arbitrary: fc.constant(4) }, { weight: 2, arbitrary: id }, { weight: 1, arbitrary: fc.constantFrom(98, 99) }),
  nextId: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: id }, { weight: 1, arbitrary: fc.constantFrom(-1, 98) }),
  previousId: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: id }),
  node: fc.oneof({ weight: 5, arbitrary: node }, { weight: 1, arbitrary: nodes.map((childNodes) => ({ type: 0, id: 9, childNodes })) }),
});
const list = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 2 });
const mutation = fc
  .record({
    adds: list(add),
    removes: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: list(fc.record({ parentId: id, id })) }),
    texts: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: list(fc.record({ id, value: fc.constant('a{}') })) }),
    attributes: list(fc.record({ id, attributes })),
  })
  .map((change) => ({ type: 3, data: { source: 0, ...change } }));
const number = fc.constantFrom<unknown>(0, 1, -1, 1e308, null, 'x', 5.5);
const state = (tag: string, payload: fc.Arbitrary<object>) =>
  fc.tuple(payload, number).map(([own, late]) => ({ type: 5, data: { tag, payload: { late, ...own } } }));
const topLayer = state(
  'rrweb-store:top-layer',
  fc.record({ elements: list(fc.record({ id, kind: fc.constantFrom('popover', 'modal', 'fullscreen', 'x'), source: fc.oneof(id, fc.constant(undefined)) })) }),
);
const animations = state(
  'rrweb-store:animations',
  fc.record({
    told: list(
      fc.record(
        {
          n: id,
          id,
          pseudo: fc.constantFrom('::before', '::x'),
          name: fc.constantFrom('a', 'constructor'),
          keyframes: list(fc.dictionary(fc.constantFrom('opacity', 'backgroundImage', 'offset', 'src', 'onload', '__proto__'), fc.constantFrom<unknown>(1, -1, 'x', `url(${EVIL})`, {}))),
          timing: fc.dictionary(fc.constantFrom('duration', 'iterations', 'fill', 'easing', 'delay'), fc.constantFrom<unknown>(0, 5, -5, null, 'x', 'both')),
          age: number,
          at: number,
          rate: number,
          left: number,
        },
        { requiredKeys: ['n', 'id', 'rate'] },
      ),
    ),
    gone: list(id),
  }),
);
const event = fc.oneof(
  { weight: 12, arbitrary: mutation },
  { weight: 2, arbitrary: page.map((node) => ({ type: 2, data: { node, initialOffset: { left: 0, top: 0 } } })) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom(0, 1) }) },
  { weight: 2, arbitrary: topLayer },
  { weight: 2, arbitrary: animations },
  { weight: 1, arbitrary: id.map((id) => ({ type: 3, data: { source: 7, type: 0, id } })) },
);
/** Time since the previous event: rarely zero or negative. */
const stepMs = fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(0, -3, -9) });

export const draw: fc.Arbitrary<Draw> = fc
  .record({
    first: page,
    rest: fc.array(fc.tuple(event, stepMs), { minLength: 3, maxLength: 16 }),
    begins: fc.double({ min: 0, max: 1, noNaN: true }),
    seekMs: fc.integer({ min: 0, max: 12 }),
    plays: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
  })
  .map(({ first, rest, ...how }) => {
    let timestamp = 1_000;
    const events = rest.map(([one, ms]) => ({ ...one, timestamp: (timestamp += ms) }));
    const all = [
      { type: 4, timestamp: 1_000, data: { href: '', width: 300, height: 200 } },
      { type: 2, timestamp: 1_000, data: { node: first, initialOffset: { left: 0, top: 0 } } },
      ...events,
    ];
    return { lines: all.map((one) => JSON.stringify(one)), maxNodes: 90, ...how };
  });
