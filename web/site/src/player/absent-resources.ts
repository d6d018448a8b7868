import { ADOPTED_STYLE_SHEET, INCREMENTAL, type Json, STYLE_DECLARATION, STYLE_SHEET_RULE, customPayload, isObject } from './event';
import { RESOURCES_TAG } from './resources/resource-store';

/** Protect the tab and the policy's length from a recording that names any number. */
const MAX_ADDRESSES = 5_000;
const MAX_ORIGINS = 50;
const MAX_ADDRESS = 4_000;

const HTTP = /^https?:\/\//i;
/** A host as a policy can name it. */
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/;
const LOCAL_NAME = /^(?:localhost|[^.]+|.*\.(?:localhost|local|internal|lan|home|corp|intranet))\.?$/;
const LOCAL_NUMBER = /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const FONT_FACE = /@font-face\s*\{[^}]*\}/gi;
const IMPORT = /@import\s+(?:url\(\s*)?["']?(https?:[^"')\s]+)/gi;
const URL_OF_CSS = /\burl\(\s*["']?(https?:[^"')]+)/gi;
const PICTURES: ReadonlyMap<string, readonly string[]> = new Map([
  ['img', ['src']],
  ['image', ['href', 'xlink:href']],
  ['input', ['src']],
  ['video', ['poster']],
  ['body', ['background']],
  ['table', ['background']],
  ['td', ['background']],
]);

export type Kind = 'image' | 'font' | 'style';

/** What a replay lacks, since it is neither stored nor loaded. */
export interface Absent {
  readonly counts: Readonly<Record<Kind, number>>;
  /** Where it would be loaded from; never an address within the watcher's own network. */
  readonly origins: readonly string[];
}

export type AbsentResources = ReturnType<typeof createAbsentResources>;

export const NOTHING_ABSENT: Absent = { counts: { image: 0, font: 0, style: 0 }, origins: [] };

/**
 * Notes which pictures, fonts and style sheets of other hosts a recording names.
 *
 * @param loaded origins from which they are loaded
 * @param ownHost of the site itself; on a machine's own host, as in the sandbox, such hosts count too
 */
export function createAbsentResources(loaded: ReadonlySet<string> = new Set(), ownHost = '') {
  const named = new Map<string, Kind>();
  const stored = new Set<string>();
  const mayBeLocal = isLocal(ownHost);

  function note(kind: Kind, address: unknown): void {
    if (typeof address !== 'string' || address.length > MAX_ADDRESS || !HTTP.test(address)) return;
    if (named.size < MAX_ADDRESSES || named.has(address)) named.set(address, kind);
  }

  function css(text: unknown): void {
    if (typeof text !== 'string') return;
    for (const face of text.match(FONT_FACE) ?? []) noteFirst('font', face); // the others are the same font in other formats
    for (const [, address] of text.matchAll(IMPORT)) note('style', address);
    for (const [, address] of text.replace(FONT_FACE, '').replace(IMPORT, '').matchAll(URL_OF_CSS)) note('image', address!.trim());
  }

  function noteFirst(kind: Kind, face: string): void {
    const [first] = face.matchAll(URL_OF_CSS);
    note(kind, first?.[1]?.trim());
  }

  return {
    css,
    element(tag: string, attributes: Json): void {
      const picture = PICTURES.get(tag)?.map((name) => attributes[name]).find(Boolean);
      if (!attributes['rr_dataURL']) note('image', picture ?? (tag === 'img' ? String(attributes['srcset'] ?? '').trim().split(/\s/)[0] : undefined));
      if (isStyleSheet(tag, attributes)) note('style', attributes['href']);
      css(attributes['_cssText']);
      css(attributes['style']);
    },
    /** Reads what is not an element's. */
    event(event: { type: unknown; data: Json }): void {
      const payload = customPayload(event, RESOURCES_TAG);
      if (payload) {
        for (const address of keysOf(payload['stored'])) stored.add(address);
        for (const address of keysOf(payload['missing'])) note(kindOf((payload['missing'] as Json)[address]), address);
      }
      const { type, data } = event;
      if (type !== INCREMENTAL) return;
      const { source } = data;
      if (source === STYLE_SHEET_RULE || source === ADOPTED_STYLE_SHEET) {
        const sheets = listOf(data['styles']).flatMap((one) => listOf(one['rules']));
        for (const { rule } of [...listOf(data['adds']), ...sheets]) css(rule);
        css(data['replace']);
        css(data['replaceSync']);
      }
      if (source === STYLE_DECLARATION && isObject(data['set'])) css(data['set']['value']);
    },
    absent(): Absent {
      const counts = { image: 0, font: 0, style: 0 };
      const origins = new Set<string>();
      for (const [address, kind] of named) {
        const origin = originOf(address);
        if (stored.has(address) || loaded.has(origin)) continue;
        counts[kind] += 1;
        if (origins.size < MAX_ORIGINS && ORIGIN.test(origin) && (mayBeLocal || !isLocal(new URL(origin).hostname))) origins.add(origin);
      }
      return { counts, origins: [...origins].sort() };
    },
  };
}

/** Whether a link loads a style sheet by its address, and nothing else. */
export function isStyleSheet(tag: string, attributes: Json): boolean {
  const { rel, href } = attributes;
  return tag === 'link' && typeof rel === 'string' && /^\s*stylesheet\s*$/i.test(rel) && typeof href === 'string' && HTTP.test(href) && !attributes['_cssText'];
}

/** Scheme, host and port; empty of what is no address. */
export function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return '';
  }
}

/** Whether a host may be one within the watcher's own network. */
function isLocal(host: string): boolean {
  return LOCAL_NUMBER.test(host) || host.includes('[') || LOCAL_NAME.test(host);
}

function kindOf(said: unknown): Kind {
  const kind = isObject(said) ? said['kind'] : undefined;
  return kind === 'font' || kind === 'style' ? kind : 'image';
}

const keysOf = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : []);
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
