import { describe, expect, it } from 'vitest';
import { createCleaner } from './cleaner';
import { lookAddress } from './look-address';
import { cleanJson } from './plugins/clean-json';
import { typedValues } from './typed-values';

const SAID = 'Order 4711001 of ann@page.example, call 0170 1234567: see https://shop.example/a/b?token=t#u.';
const user = (options: object = {}) => createCleaner({ privacy: 'inputs', ...options });

describe('of a text', () => {
  it.each([
    ['inputs', 'Order 4711001 of ann@page.example, call 0170 1234567: see https://shop.example/a/b'],
    ['text', 'Order ******* of ****************, call **** *******: see https://shop.example/a/b'],
    ['private', SAID.replace(/\S/g, '*')],
  ] as const)('hides at the level %s what it should', (privacy, shown) => {
    expect(createCleaner({ privacy }).text(SAID)).toBe(shown);
  });

  it('hides what was typed, at each level', () => {
    typedValues.add('Geheim4711');

    for (const privacy of ['inputs', 'text', 'private'] as const) expect(createCleaner({ privacy }).text('no Geheim4711 here')).not.toContain('Geheim');
    expect(user().place('at f (https://a.example/Geheim4711.js:1:2)')).toBe('at f (https://a.example/**********.js:1:2)');
  });
});

it('keeps line and column of a place, and no query', () => {
  const { place } = user();

  expect(place('at pay (https://a.example/a.js?v=12:10:51234)')).toBe('at pay (https://a.example/a.js:10:51234)');
  expect(place('pay@https://a.example/a.js:10:5\n@https://a.example:8080/b?c=d:1:2')).toBe('pay@https://a.example/a.js:10:5\n@https://a.example:8080/b:1:2');
  expect(place('http://localhost:3000 refused')).toBe('http://localhost:3000/ refused');
});

it('hides what a text names a credential, and keeps line and column of a file with such a name', () => {
  expect(user().text('GET /a?token=t&b=c 401, {"password":"a b","otp":4711}')).toBe('GET /a?token=*&b=c 401, {"password":"* *","otp":****}');
  expect(user().place('at login (https://a.example/auth.js:10:51234)')).toBe('at login (https://a.example/auth.js:10:51234)');
  expect(user().text('no answer of wss://a.example/x?token=t')).toBe('no answer of wss:');
});

it('asks the option for addresses', () => {
  expect(user({ address: ['page'] }).text('https://a.example/?page=1&token=t')).toBe('https://a.example/?page=1');
  expect(user({ address: (url: URL) => url.origin }).address('https://a.example/users/ann')).toBe('https://a.example');
  expect(['data:text/plain,secret', 'blob:https://a.example/1'].map(user().address)).toEqual(['data:', 'blob:']);
});

it('tells the path of what an element has loaded only if that is recorded', () => {
  const { loaded } = user();
  lookAddress('https://a.example/shown.png?size=2', true, {});

  expect(['https://a.example/shown.png?size=3#a', 'https://a.example/hidden/face.png?u=1', 'https://a.example/'].map(loaded)).toEqual([
    'https://a.example/shown.png',
    'https://a.example/***',
    'https://a.example/',
  ]);
});

it('cleans all that a credential holds, and entries', () => {
  const json = JSON.stringify({ token: ['a'], auth: { by: 'a' }, map: [['password', 'a']], tokens: ['a', 'b'], sid: true, jwt: null });

  expect(JSON.parse(cleanJson(json, user()))).toEqual({ token: '***', auth: '***', map: [['password', '***']], tokens: ['a', 'b'], sid: true, jwt: null });
});

it('cleans the texts and numbers of JSON, and what is named a credential', () => {
  const json = JSON.stringify({ password: 'p', user: { 'api-key': 12, mail: 'ann@page.example', phone: 491701234567, count: 12, ok: true, none: null }, list: ['https://a.example/?q=1'] });

  expect(JSON.parse(cleanJson(json, createCleaner({ privacy: 'text' })))).toEqual({
    password: '*',
    user: { 'api-key': '**', mail: '****************', phone: '************', count: 12, ok: true, none: null },
    list: ['https://a.example/'],
  });
});
