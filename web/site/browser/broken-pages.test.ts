/** Pages that have broken what the recorder needs before its script came: it throws nothing into them, and records what it can. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { recordGuest } from './guest';

/** What the page does, and whether it is recorded all the same. */
const BROKEN: readonly (readonly [script: string, isRecorded: boolean])[] = [
  ['RegExp.prototype.exec = thrower', false],
  ['RegExp.prototype.test = thrower', false],
  ['RegExp.prototype[Symbol.replace] = RegExp.prototype[Symbol.match] = thrower', false],
  ['window.RegExp = thrower', false],
  ['window.WeakMap = window.Map = window.WeakSet = window.Set = undefined', true],
  ['delete window.Map', true],
  ['window.Set = {}', true],
  ['window.Map = thrower', true],
  ['window.Promise = undefined', true],
  ['window.Proxy = thrower', true],
  ['window.Reflect = {}', true],
  ['window.JSON = undefined', true],
  ['window.JSON = {}', true],
  ['window.Function = undefined', true],
  ['window.Array = {}', true],
  ['window.String = undefined', false],
  ['window.Number = window.Boolean = undefined', false],
  ['window.Date = undefined', false],
  ['window.Error = {}', false],
  ['window.URL = undefined', true],
  ['window.Uint8Array = undefined', false],
  ['window.Node = window.Element = window.Document = undefined', true],
  ['window.HTMLFormElement = window.HTMLScriptElement = undefined', true],
  ['window.AbortController = window.CSS = undefined', false],
  ['window.MutationObserver = {}', false],
  ['window.CSSStyleDeclaration = {}', true],
  ['window.setTimeout = window.clearTimeout = window.queueMicrotask = undefined', true],
  ["Object.defineProperty(window, 'visualViewport', { value: undefined })", false],
  ['Array.prototype[Symbol.iterator] = thrower', false],
  ['String.prototype.replace = String.prototype.split = thrower', true],
];

test.for(BROKEN)('%s', async ([script, isRecorded]) => {
  const { said, events } = await recordGuest(browser, '<h1>Heading</h1>', { script });

  expect({ said, isRecorded: JSON.stringify(events).includes('"added"') }).toEqual({ said: 'nothing', isRecorded });
});
