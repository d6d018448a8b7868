/**
 * The browser's own functions, which the page may have replaced before this script ran.
 *
 * The build puts them in place of globals and of calls of methods, in rrweb's code too. Nothing imports them by hand. The
 * code of this file can rely on little itself: no method of arrays or expressions, and no global but those that it checks first.
 */
import { AS_FOUND, GLOBALS, KEPT, METHODS, NODE_MEMBERS, WHOLE } from '../native-names.mjs';

type Callable = (this: unknown, ...given: never[]) => unknown;
type Owner = Record<string, unknown>;
type Realm = Record<string, (Owner & { prototype?: Owner }) | undefined>;
type Reflection = Pick<typeof Object, 'getOwnPropertyNames' | 'getOwnPropertyDescriptor' | 'defineProperty'> & Pick<typeof Reflect, 'apply' | 'deleteProperty' | 'ownKeys'>;

const page = globalThis as unknown as Realm;
/** Neither a function of the page nor one that it has bound: those have no name here. */
const NATIVE = /^(?:async )?function (?:get )?([\w$]+)\(\) *\{\s*\[native code\]\s*\}$/;

/** @param name undefined where a method has several names, as those of sets have */
function isNative(value: unknown, name: string | undefined, of = page): boolean {
  try {
    const toString = of['Function']!.prototype!['toString'] as Callable;
    // Zone.js, for one, makes it lie. The browser's own is no constructor.
    if (typeof value !== 'function' || toString.name !== 'toString' || 'prototype' in (toString as object)) return false;
    const found = NATIVE.exec(toString.call(value) as string)?.[1];
    return !!found && found === (name ?? found);
  } catch {
    return false; // the page has no `Function`, or expressions that throw: `supported.ts` knows
  }
}

let frame: HTMLIFrameElement | undefined;
let realm: Realm | undefined;

/** What the page has touched, from a frame that is removed at the end of this file: its functions go on working. */
function untouched(find: (realm: Realm) => unknown, name: string): unknown {
  const own = find(page);
  if (isNative(own, name)) return own;
  const other = fresh() && find(fresh()!);
  return isNative(other, name, realm) ? other : own; // an extension may change every frame
}

function fresh(): Realm | undefined {
  if (frame || typeof document === 'undefined') return realm;
  try {
    frame = document.createElement('iframe');
    frame.style.display = 'none';
    document.documentElement.appendChild(frame);
    realm = frame.contentWindow as unknown as Realm;
  } catch {
    // the page's own functions have to do
  }
  return realm;
}

function reflection(): Reflection {
  const names = { Object: ['getOwnPropertyNames', 'getOwnPropertyDescriptor', 'defineProperty'], Reflect: ['apply', 'deleteProperty', 'ownKeys'] };
  const found: Owner = {};
  for (const owner of ['Object', 'Reflect'] as const) for (const name of names[owner]) found[name] = untouched((of) => of[owner]?.[name], name);
  return found as unknown as Reflection;
}
const { getOwnPropertyNames, getOwnPropertyDescriptor, defineProperty, apply, deleteProperty, ownKeys } = reflection();

/** Whether all functions of a class, a namespace or a prototype are the browser's own. A namespace without any is the page's. */
function hasNatives(owner: object, of: Realm, any = true): boolean {
  for (const name of getOwnPropertyNames(owner)) {
    const value = getOwnPropertyDescriptor(owner, name)?.value as unknown;
    if (name === 'constructor' || typeof value !== 'function') continue;
    if (!isNative(value, undefined, of)) return false;
    any = true;
  }
  return any;
}

function isUntouched(name: string, of: Realm): boolean {
  const value: unknown = of[name];
  if (typeof value !== 'function') return value ? hasNatives(value, of, false) : name in AS_FOUND;
  return isNative(value, name, of) && hasNatives(value, of) && (!(name in WHOLE) || hasNatives(of[name]!.prototype!, of));
}

/** A copy that the page cannot change later, with all functions of the original. */
function copyOf(name: string, original: object): unknown {
  if (WHOLE[name as keyof typeof WHOLE]) {
    const Collection = class extends (original as new () => object) {};
    copyTo(Collection.prototype, (original as { prototype: object }).prototype);
    return Collection;
  }
  const copy = typeof original === 'function' ? (value: unknown) => (original as (value: unknown) => unknown)(value) : {};
  copyTo(copy, original);
  if (name === 'Array') defineProperty(copy, Symbol.hasInstance, { value: (original as ArrayConstructor).isArray });
  return copy;
}

function copyTo(copy: object, original: object): void {
  // A function has a name and a length, and a prototype its constructor.
  for (const name of ownKeys(original)) if (!getOwnPropertyDescriptor(copy, name)) defineProperty(copy, name, getOwnPropertyDescriptor(original, name)!);
}

/** Async functions return promises of the browser's own class, which no page can replace. */
const NativePromise = (async () => undefined)().constructor as PromiseConstructor;

const native: Owner = {};
const isFromFrame: Record<string, boolean> = {};
for (const name of GLOBALS) {
  const other = isUntouched(name, page) ? undefined : fresh();
  const from = other && isUntouched(name, other) ? other : page;
  const found = from[name] as unknown as Callable | undefined;
  isFromFrame[name] = from !== page;
  if (!found) continue;
  if (name > 'Z') native[name] = (...given: never[]) => apply(found, page, given); // no class
  else native[name] = name === 'Proxy' || name === 'MutationObserver' ? found : copyOf(name, found);
}
native['Promise'] = NativePromise;
for (const name of KEPT) native[name] = page[name] ?? (name in AS_FOUND ? undefined : fresh()?.[name]);
const { fetch: fetchOnce, JSON: json } = native as unknown as { fetch: typeof fetch; JSON: JSON };
if (isFromFrame['fetch']) {
  // A promise of a frame that is removed can call functions of the page, but `await` would call functions of that frame.
  native['fetch'] = (...given: Parameters<typeof fetch>) =>
    new NativePromise<Response>((resolve, reject) => void fetchOnce(...given).then(resolve, reject));
}

/** Their `toJSON` changes how everything is written. Other classes only say how they are written themselves. */
const PLAIN = ['Object', 'Array', 'String', 'Number', 'Boolean'];

native['JSON'] = {
  parse: json.parse,
  /** Without a `toJSON` of the page, which is away for the time of this call. */
  stringify(...given: Parameters<JSON['stringify']>): string {
    const kept: [object, PropertyDescriptor][] = [];
    for (const name of PLAIN) {
      const prototype = page[name]?.prototype;
      const descriptor = prototype && 'toJSON' in prototype && getOwnPropertyDescriptor(prototype, 'toJSON');
      if (descriptor && deleteProperty(prototype, 'toJSON')) kept[kept.length] = [prototype, descriptor];
    }
    try {
      return apply(json.stringify, json, given) as string;
    } finally {
      for (const [prototype, descriptor] of kept) defineProperty(prototype, 'toJSON', descriptor);
    }
  },
};

export const {
  Array: Array_, JSON: JSON_, Map: Map_, MutationObserver: MutationObserver_, Object: Object_, Promise: Promise_, Proxy: Proxy_, Reflect: Reflect_, Set: Set_, WeakMap: WeakMap_,
  WeakSet: WeakSet_, cancelAnimationFrame: cancelAnimationFrame_, clearInterval: clearInterval_, clearTimeout: clearTimeout_, fetch: fetch_,
  queueMicrotask: queueMicrotask_, requestAnimationFrame: requestAnimationFrame_, requestIdleCallback: requestIdleCallback_, setInterval: setInterval_, setTimeout: setTimeout_,
  CSS: CSS_, CompressionStream: CompressionStream_, Element: Element_, Node: Node_, Response: Response_, TextEncoder: TextEncoder_, URL: URL_, WeakRef: WeakRef_,
} = native as Pick<typeof globalThis, (typeof GLOBALS | typeof KEPT)[number]>;

const bind = untouched((of) => of['Function']?.prototype?.['bind'], 'bind') as Callable;
const call = untouched((of) => of['Function']?.prototype?.['call'], 'call') as Callable;

/** A method as a function of its object: bound, since the compiler sees through that, and not through closures of one loop. */
const ofFirst = (method: unknown) => apply(bind, call, [method]) as (self: never, ...given: never[]) => unknown;

const [ELEMENT, FRAGMENT] = [1, 11];

/** Methods by their names, each with the object as its first argument. What is not of their class uses its own method. */
export const calls: Record<string, (self: never, ...given: never[]) => unknown> = {};
for (const owner of getOwnPropertyNames(METHODS)) {
  for (const name of METHODS[owner]!) {
    const found = untouched((of) => of[owner]?.prototype?.[name], name) as Callable;
    const otherwise = calls[name] ?? ((self: Record<string, Callable>, ...given) => self[name]!(...given));
    const type = owner.toLowerCase();
    const isOne =
      owner === 'Array' ? Array_.isArray
      : owner === 'String' || owner === 'Function' ? (value: unknown) => typeof value === type
      : calls[name] && ((value: never) => calls['nodeType']!(value) === (owner === 'Element' ? ELEMENT : FRAGMENT));
    calls[name] = isOne ? (self, ...given) => (isOne(self) ? apply(found, self, given) : otherwise(self, ...given)) : ofFirst(found);
  }
}

/** `then` and its like: `await` asks no method of the page. */
async function settle(promise: unknown, onValue?: (value: unknown) => unknown, onError?: (error: unknown) => unknown): Promise<unknown> {
  let value;
  try {
    value = await promise;
  } catch (error) {
    if (!onError) throw error;
    return await onError(error); // to return a promise would ask its `then`
  }
  return onValue ? await onValue(value) : value;
}
calls['then'] = settle;
calls['catch'] = (promise, onError) => settle(promise, undefined, onError);
calls['finally'] = async (promise: unknown, work: () => unknown) => {
  try {
    return await promise;
  } finally {
    await work();
  }
};

/** All of them by the names that they have in a page, for a script that is loaded later. */
export const natives = native;
native['calls'] = calls;

// Members of nodes, as functions of the node.
for (const owner of getOwnPropertyNames(NODE_MEMBERS)) {
  for (const name of NODE_MEMBERS[owner]!) {
    const find = (of: Realm): unknown => {
      const prototype = of[owner]?.prototype;
      const descriptor = prototype && getOwnPropertyDescriptor(prototype, name);
      return descriptor?.get ?? descriptor?.value;
    };
    calls[name] = ofFirst(untouched(find, name));
  }
}

/** Closed shadow trees by their hosts, as far as they are known: `corrections/closed-trees.ts` finds them. */
export const closedTrees = new (native['WeakMap'] as WeakMapConstructor)<Element, ShadowRoot>();

if (frame && realm) apply(realm['Element']!.prototype!['remove'] as Callable, frame, []);
