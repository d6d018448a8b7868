import { type Asset, hex, webCryptoDigest } from 'assets';
import type { Recorded } from './corrections';
import { createListening } from './corrections/hooked-members';
import { attributesEvent, customEvent } from './corrections/recorded-nodes';
import { learn, textOf } from './corrections/sheet-text';
import { maskedDrawing } from './look-address';
import { typedValues } from './typed-values';
import type { RecorderOptions } from './options';
import { absoluteCss, filesInUse, isUnreadable, parsedSheet, withImports } from './opaque-sheet';
import { type Reason, STYLE_TYPE, SVG_TYPE, readResource } from './resource-bytes';
import type { createResourceSender } from './resource-sender';
import type { toldResources } from './told-resources';

/** The tag of the custom event that says which asset has the bytes of an address; docs/recorder.md has its payload. */
export const RESOURCES_TAG = 'rrweb-store:resources';

/** The attribute of a picture with several sources that says which one the browser shows. */
const CURRENT = 'data-rr-current';

const AT_ONCE = 2;
/** A page that is loading is left alone; but not for ever, since some never end. */
const LOOK_EVERY_MS = 500;
const MAX_LOADING_MS = 10_000;
/** Addresses that become known within this time are told together. */
const TELL_MS = 1_000;
const MAX_ADDRESS = 10_000;
/** Protects the page's memory: a page that stays open may show another picture each second. */
const MAX_ADDRESSES = 5_000;
/** Initiators of requests that are for no picture, font or style sheet. */
const NEVER_USED = /^(?:fetch|xmlhttprequest|beacon|script|i?frame)$/;
/** Each one is a line in the page's console. */
const MAX_REFUSALS = 3;
/** A style sheet or a drawing whose text is gone through, which must not take long. */
const MAX_TEXT_BYTES = 1_000_000;

/** A sheet may import itself. */
const MAX_IMPORTS = 4;

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const DEFAULT_MAX_COUNT = 200;
const DEFAULT_MAX_MS = 20_000;

type Kind = 'image' | 'font' | 'style';

type Stored = Record<string, readonly [sha256: string, mediaType: string]>;
type Missing = Record<string, { readonly reason: Reason; readonly kind: Kind }>;

interface Wanted {
  readonly url: string;
  /** The address as the recording has it. */
  readonly name: string;
  /** Texts of a drawing become asterisks. */
  readonly isMasked: boolean;
  /** Of a style sheet that the page may not read. */
  readonly link?: HTMLLinkElement;
  /** It may read it, and the browser does not write all values. */
  readonly isIncomplete?: boolean | undefined;
}

export interface ResourcesOptions extends Pick<RecorderOptions, 'resources'> {
  readonly maxAssetBytes: number;
  readonly told: ReturnType<typeof toldResources>;
  readonly send: ReturnType<typeof createResourceSender>;
  /** While it is true, nothing is read but style sheets, and nothing is sent. */
  readonly isHeld: () => boolean;
}

/** Where the events of the resources go, while the page is recorded. */
export type Told = Pick<Recorded, 'emit' | 'idOf'>;

/**
 * Store the bytes of the pictures, fonts and style sheets that the page has loaded, and tell the recording which asset has
 * those of an address. Nothing is read that the page has not loaded, and nothing before it has loaded.
 */
export function createResources({ resources = {}, maxAssetBytes, told, send, isHeld }: ResourcesOptions) {
  const { maxBytes = DEFAULT_MAX_BYTES, maxCount = DEFAULT_MAX_COUNT, maxMs = DEFAULT_MAX_MS } = resources || {};
  const digest = resources === false ? null : webCryptoDigest;
  const startedAtMs = performance.now();
  const nonce = Math.random().toString(36).slice(2, 6);
  /** By the address that the page uses: that of the recording. */
  const names = new Map<string, string>();
  /** By the address of the recording: the page's. */
  const owners = new Map<string, string>();
  const wanted = new Map<string, Wanted>();
  const loaded = new Set<string>();
  /** Names that were wanted before. */
  const begun = new Set<string>();
  const watched = new WeakSet<Document>();
  /** They live as long as their documents, of which many may go. */
  const observers: WeakRef<PerformanceObserver>[] = [];
  const listening = createListening();
  /** By kind and origin: how often a page could not read one; negative if it could. */
  const refusals = new Map<string, number>();
  const known = { stored: {} as Stored, missing: {} as Missing };
  /** Of those, what is not told yet. */
  let stored: Stored = {};
  let missing: Missing = {};
  let to: Told | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tellTimer: ReturnType<typeof setTimeout> | undefined;
  let count = 0;
  let running = 0;
  let sentBytes = 0;
  /** Read, and not stored yet. */
  const unsent: [Wanted, Asset][] = [];
  let sending = false;
  let ended = false;

  /** The address of the recording for one of the page: that which may be shown, with a number if another one is shown so too. */
  function nameOf(url: string, shown: string): string {
    let name = names.get(url);
    if (name) return name;
    name = shown;
    const isTaken = owners.has(shown) || (url !== shown && told.has(shown));
    if (isTaken && owners.get(shown) !== url) name = `${shown}#~${nonce}${names.size}`;
    names.set(url, name);
    owners.set(name, url);
    return name;
  }

  function want(one: Wanted): void {
    if (!digest || ended || begun.has(one.name) || told.has(one.name) || one.url.length > MAX_ADDRESS) return;
    wanted.set(one.name, one);
    if (one.url.startsWith('blob:') && !isHeld()) void start(one); // the page may revoke it as soon as it is loaded
    else soon();
  }

  function soon(afterMs = LOOK_EVERY_MS): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (document.readyState !== 'complete' && performance.now() - startedAtMs < MAX_LOADING_MS) soon();
      else whenIdle(startAll);
    }, afterMs);
  }

  function startAll(): void {
    for (const one of wanted.values()) {
      if (running >= AT_ONCE || sending) return;
      if (loaded.has(one.url) && (one.link || !isHeld())) void start(one);
    }
    if (isHeld()) return;
    if (!running || unsent.reduce((sum, [, { bytes }]) => sum + bytes.length, 0) > maxBytes) void sendAll();
  }

  async function start(one: Wanted): Promise<void> {
    wanted.delete(one.name);
    if (!one.link) begun.add(one.name);
    else if (!one.isIncomplete && !isUnreadable(one.link)) return;
    running += 1;
    try {
      await keep(one);
    } catch {
      miss(one, 'failed');
    } finally {
      running -= 1;
      startAll();
    }
  }

  async function keep(one: Wanted): Promise<void> {
    const { url, name, isMasked, link } = one;
    const { origin } = new URL(url);
    const source = `${kindOf(one)} ${origin}`;
    const fail = (reason: Reason): void => miss(one, reason);
    if ((count += 1) > maxCount) return fail('budget');
    const refusal = origin === location.origin ? 'failed' : 'cors';
    if (told.has(source)) return fail(refusal);
    const found = await readResource(url, Math.min(maxAssetBytes, maxBytes), maxMs);
    const isRefused = found === 'refused' && navigator.onLine;
    const refused = (refusals.get(source) ?? 0) + 1;
    refusals.set(source, isRefused ? refused : -Infinity);
    if (isRefused && refused === MAX_REFUSALS) told.add(source);
    if (typeof found === 'string') return fail(found === 'refused' ? refusal : found);
    const { mediaType } = found;
    if (ended) return;
    if (!found.bytes.length || (mediaType === STYLE_TYPE) !== !!link) return fail('failed');
    const isDrawing = mediaType === SVG_TYPE;
    if ((link || (isMasked && isDrawing)) && found.bytes.length > MAX_TEXT_BYTES) return fail('size');
    if (link) return tellSheet(link, await sheetOf(url, found.bytes));
    const bytes = isDrawing ? changedText(found.bytes, isMasked ? maskedDrawing : typedValues.hide) : found.bytes;
    const sha256 = hex(await digest!(bytes));
    known.stored[name] = stored[name] = [sha256, mediaType];
    tellSoon();
    unsent.push([one, { sha256, mediaType, bytes }]);
  }

  /** Store what was read. The bytes are named before, since another visitor may have stored them. */
  async function sendAll(): Promise<void> {
    if (sending || ended || !unsent.length) return;
    sending = true;
    const all = unsent.splice(0);
    try {
      const refused = await send(all.map(([, asset]) => asset), ({ bytes }) => {
        if (sentBytes + bytes.length > maxBytes) return false;
        sentBytes += bytes.length;
        return true;
      });
      for (const [one, { sha256 }] of all) {
        if (refused.has(sha256)) miss(one, 'budget');
        else told.add(one.name);
      }
    } catch {
      // the API is down, or the page goes: the next page tries again
    } finally {
      sending = false;
      startAll();
    }
  }

  function miss(one: Wanted, reason: Reason): void {
    known.missing[one.name] = missing[one.name] = { reason, kind: kindOf(one) };
    tellSoon();
  }

  /** The text of a style sheet, with those that it imports. */
  async function sheetOf(url: string, bytes: Uint8Array, depth = 0): Promise<string> {
    const text = new TextDecoder().decode(bytes);
    learn(text);
    return withImports(absoluteCss(text, url), async (address) => {
      if (depth > MAX_IMPORTS || (count += 1) > maxCount) return undefined;
      const found = await readResource(address, MAX_TEXT_BYTES, maxMs);
      return typeof found === 'string' || found.mediaType !== STYLE_TYPE ? undefined : textOf(parsedSheet(await sheetOf(address, found.bytes, depth + 1)));
    });
  }

  /** As rrweb tells of a style sheet that it can read once it has loaded. */
  function tellSheet(link: HTMLLinkElement, css: string): void {
    tellChange(link, { _cssText: css });
    filesInUse(css, link.ownerDocument).forEach(note);
  }

  function tellChange(node: Node, attributes: Record<string, string>): void {
    const id = to?.idOf(node) ?? -1;
    if (id < 0) return;
    to!.emit(attributesEvent(id, attributes));
  }

  const tellSoon = (): void => void (tellTimer ??= ended ? undefined : setTimeout(tell, TELL_MS));

  /** Tell what is known by now. */
  function tell(): void {
    clearTimeout(tellTimer);
    tellTimer = undefined;
    if (!to || !(Object.keys(stored).length || Object.keys(missing).length)) return;
    const payload = { stored, missing };
    stored = {};
    missing = {};
    to.emit(customEvent(RESOURCES_TAG, payload));
  }

  function note(url: string): void {
    if (url.startsWith('data:')) return; // its bytes are in the recording
    if (loaded.size > MAX_ADDRESSES) loaded.clear();
    loaded.add(url.replace(/#.*/s, ''));
    if (wanted.size) soon();
  }

  return {
    isOn: !!digest,
    /** The address of the recording for one of a picture or a font, whose bytes are stored once the page has loaded them. */
    use(address: string, shown: string, isMasked: boolean): string {
      const [url = '', hash] = address.split('#');
      const shortened = shown.replace(/#.*/s, '');
      if (names.size > MAX_ADDRESSES && !names.has(url)) return `${shortened}#~`;
      const name = nameOf(url, shortened);
      want({ url, name, isMasked });
      return hash === undefined ? name : `${name.replace(/#.*/s, '')}#${hash}`;
    },
    /** A link to a style sheet of which nothing is known yet, or of which the browser does not write all values. */
    useSheet(link: HTMLLinkElement, shown: string, isIncomplete?: boolean): void {
      want({ url: link.href.replace(/#.*/s, ''), name: shown, isMasked: true, link, isIncomplete });
    },
    /** See what a document loads. */
    watch(page: Document): void {
      const view = page.defaultView as (Window & typeof globalThis) | null;
      if (!digest || !view || watched.has(page)) return;
      watched.add(page);
      const noteAll = (entries: readonly PerformanceEntry[]): void =>
        (entries as PerformanceResourceTiming[]).forEach(({ name, initiatorType }) => NEVER_USED.test(initiatorType) || note(name));
      noteAll(view.performance.getEntriesByType('resource'));
      const observer = new view.PerformanceObserver((list) => noteAll(list.getEntries()));
      observer.observe({ entryTypes: ['resource'] });
      observers.push(new WeakRef(observer));
      const onLoad = ({ target }: Event): void => {
        const { currentSrc } = target as HTMLImageElement;
        if (!currentSrc) return;
        note(currentSrc);
        const current = currentSource(target as HTMLImageElement);
        if (current[CURRENT]) tellChange(target as Node, current);
      };
      listening.listen(page, 'load', onLoad); // a picture of the browser's memory has no entry
    },
    /** The page is recorded from now on, or no longer. */
    tellTo(next?: Told): void {
      to = next;
      if (to) tellSoon();
    },
    tell,
    /** It is no longer held: read and send what waits. */
    release: (): void => soon(),
    /** Events are missing, perhaps one of these. */
    tellAgain(): void {
      stored = { ...known.stored };
      missing = { ...known.missing };
      tellSoon();
    },
    stop(): void {
      ended = true;
      listening.stop();
      for (const observer of observers) observer.deref()?.disconnect();
      clearTimeout(timer);
      clearTimeout(tellTimer);
      wanted.clear();
    },
  };
}

export type Resources = ReturnType<typeof createResources>;

const isOfSeveral = (parent: Element | null): boolean => parent?.nodeName === 'PICTURE';

/** The attribute that says which source of a picture is shown, if it has several and one is. */
export function currentSource({ currentSrc, srcset, parentElement }: HTMLImageElement): Record<string, string> {
  return currentSrc && (srcset || isOfSeveral(parentElement)) ? { [CURRENT]: currentSrc } : {};
}

/** What an address is expected to be, which decides who may read it. */
const kindOf = ({ url, link }: Wanted): Kind =>
  link || /\.css\b/i.test(url) ? 'style' : /\.(?:woff2?|[to]tf|eot)\b/i.test(url) ? 'font' : 'image';

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: LOOK_EVERY_MS });
  else work();
}

function changedText(bytes: Uint8Array<ArrayBuffer>, change: (text: string) => string): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(bytes);
  const changed = change(text);
  return changed === text ? bytes : new TextEncoder().encode(changed);
}
