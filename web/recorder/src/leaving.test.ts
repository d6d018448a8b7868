import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLeaving } from './leaving';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A browser by the events that it knows, a page in it, and what the page does as it goes. */
function given(knows: { navigation?: boolean; pageswap?: boolean; freeze?: boolean }) {
  const window = Object.assign(new EventTarget(), knows.pageswap && { onpageswap: null });
  const navigation = Object.assign(new EventTarget(), { transition: null as object | null });
  vi.stubGlobal('window', Object.assign(window, knows.navigation && { navigation }));
  vi.stubGlobal('document', knows.freeze ? { onfreeze: null } : {});
  vi.stubGlobal('location', { origin: 'https://shop.example' });
  const did: string[] = [];
  const leaving = createLeaving({
    pipeline: { gathers: () => true, keepNow: () => void did.push('keep'), sealNow: () => undefined },
    delivery: { start: () => void did.push('send') },
    tellAll: () => undefined,
    markEnd: () => undefined,
    go: (handsOver) => void did.push(handsOver ? 'hand over' : 'go'),
    hide: () => undefined,
    comeBack: () => undefined,
  });
  const fire = (name: string, fields: object = {}): void => void window.dispatchEvent(Object.assign(new Event(name, { cancelable: true }), fields));
  return {
    did,
    leaving,
    stop: leaving.listen(),
    navigation,
    fire,
    navigate: (url: string) =>
      void navigation.dispatchEvent(Object.assign(new Event('navigate'), { destination: { url, sameDocument: false }, downloadRequest: null })),
    live: (ms: number) => vi.advanceTimersByTime(ms),
  };
}

const FIREFOX = { navigation: true };
const CHROMIUM = { navigation: true, pageswap: true, freeze: true };
const HERE = 'https://shop.example/next';
const ELSEWHERE = 'https://pay.example/';

it('hands the batch over to a page of the site that comes within a tenth of a second', () => {
  const { did, fire, navigate, live } = given(FIREFOX);
  navigate(HERE);
  fire('beforeunload');
  live(99);
  fire('pagehide');
  live(5_000);

  expect(did).toEqual(['keep', 'hand over']);
});

it('does so by the back button, of which it is told after beforeunload', () => {
  const { did, fire, navigate, live } = given(FIREFOX);
  fire('beforeunload');
  live(5);
  navigate(HERE);
  live(90);
  fire('pagehide');

  expect(did).toEqual(['keep', 'hand over']);
});

it('sends it if that page comes later: the answers of two sites would take as long', () => {
  const { did, fire, navigate, live } = given(FIREFOX);
  navigate(HERE);
  fire('beforeunload');
  live(111);

  expect(did).toEqual(['keep', 'send']);
});

it.each([
  ['an address is typed', undefined],
  ['a link leads to another site', ELSEWHERE],
  ['an address begins like that of the site', 'https://shop.example.org/'],
])('sends it at once if %s', (_, url) => {
  const { did, fire, navigate, live } = given(FIREFOX);
  if (url) navigate(url);
  fire('beforeunload');
  live(10);

  expect(did).toEqual(['keep', 'send']);
});

it('sends it if the page that was announced was shown by its router, and the visitor leaves then', () => {
  const { did, fire, navigate, navigation, live } = given(FIREFOX);
  navigate(HERE);
  navigation.transition = {};
  live(0);
  fire('beforeunload');
  live(5);
  fire('pagehide');

  expect(did).toEqual(['keep', 'go']);
});

it.each([
  { key: 'F5' },
  { key: 'r', ctrlKey: true },
  { key: 'R', ctrlKey: true, shiftKey: true },
  { key: 'r', metaKey: true },
])('hands it over to the same page if the keys of a reload were pressed: %o', (keys) => {
  const { did, fire, live } = given(FIREFOX);
  fire('keydown', keys);
  live(17);
  fire('beforeunload');
  live(99);
  fire('pagehide');

  expect(did).toEqual(['keep', 'hand over']);
});

it.each<[string, object, { prevented?: boolean; afterMs?: number }]>([
  ['it only writes a letter', { key: 'r' }, {}],
  ['the page has another use for it', { key: 'r', ctrlKey: true }, { prevented: true }],
  ['no reload comes of it', { key: 'F5' }, { afterMs: 501 }],
])('sends it after a key if %s', (_, keys, { prevented = false, afterMs = 17 }) => {
  const { did, fire, live } = given(FIREFOX);
  // The page's own listener may come after the recorder's.
  if (prevented) window.addEventListener('keydown', (event) => event.preventDefault());
  fire('keydown', keys);
  live(afterMs);
  fire('beforeunload');
  fire('pagehide');

  expect(did).toEqual(['keep', 'go']);
});

it('forgets after two seconds that a page of the site was to come', () => {
  const { did, fire, navigate, live } = given(FIREFOX);
  navigate(HERE);
  live(2_001);
  fire('beforeunload');
  fire('pagehide');

  expect(did).toEqual(['keep', 'go']);
});

it.each([
  ['without the Navigation API', {}],
  ['where what is kept then is lost', { pageswap: true, navigation: true }],
])('sends on beforeunload %s', (_, knows) => {
  const { did, fire } = given(knows);
  fire('beforeunload');

  expect(did).toEqual(['send']);
});

it('sends before the page goes if pageswap tells of another site, and hands over otherwise', () => {
  const away = given(CHROMIUM);
  away.fire('pageswap', { activation: null });
  expect(away.did).toEqual(['send']);

  const on = given(CHROMIUM);
  on.fire('pageswap', { activation: {} });
  on.fire('pagehide');
  expect(on.did).toEqual(['hand over']);
});

it('leaves no timer', () => {
  const { fire, navigate, stop } = given(FIREFOX);
  navigate(HERE);
  fire('beforeunload');
  stop();

  expect(vi.getTimerCount()).toBe(0);
});
