import { isSame } from './page-hooks';

/**
 * Called before a member is used, with its object and what the call is given. It may return a function that gets the result,
 * and returns what the page gets.
 */
export type OnUse = (object: never, given: readonly unknown[]) => void | ((result: unknown) => unknown);
export type Use = 'call' | 'get' | 'set';

type Owner = { prototype: object } | undefined;
/** A window's classes by name; a browser may lack some. */
export type Classes = Readonly<Record<string, Owner>>;

/**
 * Make hooks over members of the classes of recorded windows: they tell what the page is about to do, and do it.
 *
 * rrweb's own hooks come later and call these. After `stop` a hook that the page has covered stays, and tells nothing.
 *
 * @param hookWindow is called once for each window that is entered
 */
export function createHooks(hookWindow?: (classes: Classes) => void) {
  let isQuiet = false;
  /** By the prototype of a window's document: a frame keeps the proxy of its window wherever it leads, and that keeps nothing. */
  const undoing = new WeakMap<object, (() => void)[]>();
  const entered: WeakRef<object>[] = [];
  /** Of what is in no window that is entered. */
  const others: (() => void)[] = [];
  let undo = others;

  function wrap<F>(own: F, before: OnUse | undefined): F {
    if (typeof own !== 'function' || !before) return own;
    return new Proxy(own, {
      apply(_, object: never, given) {
        let after;
        try {
          if (!isQuiet) after = before(object, given);
        } catch {
          // the page goes on as if nothing had been here
        }
        const result = Reflect.apply(own, object, given) as unknown;
        try {
          return after ? after(result) : result;
        } catch {
          return result;
        }
      },
    });
  }

  function hook(owner: Owner, name: string, { call, get, set }: Partial<Record<Use, OnUse>>): void {
    const found = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
    if (!owner || !found?.configurable) return;
    const mine = found.get ? { ...found, get: wrap(found.get, get), set: wrap(found.set, set) } : { ...found, value: wrap<unknown>(found.value, call) };
    Object.defineProperty(owner.prototype, name, mine);
    undo.push(() => {
      if (isSame(Object.getOwnPropertyDescriptor(owner.prototype, name), mine)) Reflect.defineProperty(owner.prototype, name, found); // unless the page has frozen it
    });
  }

  return {
    hook,
    /** Hook members of several classes: this is called before they are called or set. */
    hookAll(classes: Classes, members: Readonly<Record<string, readonly string[]>>, use: OnUse): void {
      for (const [owner, names] of Object.entries(members)) for (const name of names) hook(classes[owner], name, { call: use, set: use });
    },
    /** Hook the window of a document or a shadow tree, unless it has been. */
    enter(root: Document | ShadowRoot): void {
      const owner = root.ownerDocument ?? (root as Document);
      const page = owner.defaultView;
      const realm = Object.getPrototypeOf(owner) as object;
      if (!page || undoing.has(realm)) return;
      undoing.set(realm, (undo = []));
      entered.push(new WeakRef(realm));
      hookWindow?.(page as unknown as Classes);
      undo = others;
    },
    /** Do this without telling of it. */
    quietly<T>(work: () => T): T {
      const was = isQuiet;
      isQuiet = true;
      try {
        return work();
      } finally {
        isQuiet = was;
      }
    },
    stop(): void {
      isQuiet = true;
      const all = entered.map((one) => undoing.get(one.deref()!) ?? []);
      for (const one of [others, ...all].flat().reverse()) one();
    },
  };
}

/** Make a function that has the work done after the script that runs now, however often it is called. */
export function createSoon(work: () => void): () => void {
  let isAsked = false;
  const run = safely(() => {
    isAsked = false;
    work();
  });
  return () => {
    if (!isAsked) queueMicrotask(run);
    isAsked = true;
  };
}

/** The work, without its exceptions: the page would get them. */
export function safely(work: () => void): () => void {
  return () => {
    try {
      work();
    } catch {
      // this one change is not recorded
    }
  };
}

/** Make listeners that are called before those of the page, until `stop`: one of each type. They keep no tree that the page has removed. */
export function createListening() {
  const listeners = new WeakMap<EventTarget, Map<string, (event: Event) => void>>();
  const targets: WeakRef<EventTarget>[] = [];
  let isStopped = false;
  return {
    listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
      let known = listeners.get(target);
      if (!known) {
        listeners.set(target, (known = new Map()));
        targets.push(new WeakRef(target));
      }
      if (known.has(type)) return;
      known.set(type, listener);
      target.addEventListener(type, listener, true);
    },
    isStopped: (): boolean => isStopped,
    stop(): void {
      isStopped = true;
      for (const one of targets) {
        const target = one.deref();
        if (target) for (const [type, listener] of listeners.get(target)!) target.removeEventListener(type, listener, true); // by the browser's own, which the build does not do after `?.`
      }
    },
  };
}
