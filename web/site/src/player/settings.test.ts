import { expect, test } from 'vitest';
import { createSettingsStore } from './settings';

function storeWith(given: string | null) {
  const storage = { text: given, getItem: () => storage.text, setItem: (_: string, text: string) => void (storage.text = text) };
  return createSettingsStore(() => storage);
}

test('what was chosen is read again', () => {
  const store = storeWith(null);
  expect(store.read()).toEqual({});
  store.write({ speed: 4, skipIdle: false });

  expect(store.read()).toEqual({ speed: 4, skipIdle: false });
});

test.each(['', '{', 'null', '[]', '7', '{"speed":3,"skipIdle":"no"}', '{"speed":"4"}'])('%s holds no setting', (text) => {
  expect(storeWith(text).read()).toEqual({});
});

test('a browser that stores nothing has the defaults', () => {
  const store = createSettingsStore(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  store.write({ speed: 2, skipIdle: true });

  expect(store.read()).toEqual({});
});
