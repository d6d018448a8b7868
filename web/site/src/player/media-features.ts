import { customPayload } from './event';

/** How the visitor's browser answered media queries: the values that matched, by feature, and the resolution in dppx. */
export interface MediaFacts {
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  readonly resolution: number;
  /** Of the screen, in pixels of CSS; earlier recordings do not tell it. */
  readonly screen: { readonly width: number; readonly height: number } | undefined;
}

/** Custom events of the recorder with this tag hold them: docs/recorder.md. */
const MEDIA_TAG = 'rrweb-store:media';

/** The value of a feature that the event does not name. A replay runs no script, but the page did. */
const USUAL: Readonly<Record<string, string>> = {
  'prefers-color-scheme': 'light',
  'prefers-contrast': 'no-preference',
  'prefers-reduced-motion': 'no-preference',
  'prefers-reduced-transparency': 'no-preference',
  'prefers-reduced-data': 'no-preference',
  'forced-colors': 'none',
  'inverted-colors': 'none',
  hover: 'hover',
  'any-hover': 'hover',
  pointer: 'fine',
  'any-pointer': 'fine',
  'color-gamut': 'srgb',
  'dynamic-range': 'standard',
  'video-dynamic-range': 'standard',
  'display-mode': 'browser',
  update: 'fast',
  scripting: 'enabled',
};
const MAX_RESOLUTION = 100;
/** Conditions that hold of every frame, and of none. */
const ALWAYS = '(min-width: 0px)';
const NEVER = '(max-width: -1px)';

/** The facts that an event tells; undefined of any other event. What cannot be true is left out. */
export function mediaFactsOf(event: { type: unknown; data?: unknown }): MediaFacts | undefined {
  const payload = customPayload(event, MEDIA_TAG);
  if (!payload) return undefined;
  const values = new Map<string, ReadonlySet<string>>();
  for (const [name, usual] of Object.entries(USUAL)) {
    const told = payload[name];
    values.set(name, new Set(typeof told === 'string' && name !== 'scripting' ? told.split(' ') : [usual]));
  }
  const { resolution } = payload;
  const isNumber = typeof resolution === 'number' && resolution > 0 && resolution <= MAX_RESOLUTION;
  return { values, resolution: isNumber ? resolution : 1, screen: screenOf(payload['screen']) };
}

/** `(feature)`, `(feature: value)` and `(value <= feature < value)`, without functions in them. */
const CONDITION = /\(\s*([^()]+?)\s*\)/g;
const PLAIN = /^(?:(min|max)-|(-webkit-)(?:(min|max)-)?)?([a-z-]+)\s*(?::\s*(.+))?$/i;
const RANGE = /^(?:([\d./ ]+\w*)\s*([<>]=?|=)\s*)?(resolution|device-width|device-height|device-aspect-ratio)(?:\s*([<>]=?|=)\s*([\d./ ]+\w*))?$/i;
const UNITS: Readonly<Record<string, number>> = { dppx: 1, x: 1, dpi: 1 / 96, dpcm: 2.54 / 96 };
/** In pixels; in a media query an `em` is the usual size of a text. */
const LENGTHS: Readonly<Record<string, number>> = { px: 1, em: 16, rem: 16, in: 96, cm: 96 / 2.54, mm: 9.6 / 2.54, pt: 4 / 3, pc: 16 };
/** Resolutions are compared as browsers do: a zoom gives a number with many digits. */
const NEAR = 0.001;

/** Media queries with each feature of the visitor's browser replaced by a condition that holds always or never. */
export function withFacts(media: string, facts: MediaFacts): string {
  return media.replace(CONDITION, (condition, inner: string) => {
    const holds = answerOf(inner, facts);
    if (holds !== undefined) return holds ? ALWAYS : NEVER;
    return condition.replace(/\bdevice-(?=width|height)/i, ''); // the page is as wide as most screens that no recording tells
  });
}

function answerOf(condition: string, facts: MediaFacts): boolean | undefined {
  const range = RANGE.exec(condition);
  if (range && (range[2] || range[4])) {
    const [, low, lowSign, name = '', highSign, high] = range;
    const measured = measuredOf(name.toLowerCase(), facts);
    return measured && compare(measured.read(low), lowSign, measured.now) && compare(measured.now, highSign, measured.read(high));
  }
  const plain = PLAIN.exec(condition);
  if (!plain) return undefined;
  const [, limit, webkit, webkitLimit, name = '', value] = plain;
  const feature = name.toLowerCase();
  const measured = webkit ? feature === 'device-pixel-ratio' && { now: facts.resolution, read: Number } : measuredOf(feature, facts);
  if (measured) return value === undefined || compare(measured.now, SIGNS[(limit ?? webkitLimit ?? '').toLowerCase()], measured.read(value));
  const own = limit || webkit ? undefined : facts.values.get(feature);
  if (!own) return undefined;
  return value === undefined ? !own.has('none') && !own.has('no-preference') : own.has(value.toLowerCase());
}

const SIGNS: Readonly<Record<string, string>> = { min: '>=', max: '<=', '': '=' };

/** What a feature of the screen measures, and how a text is read that it is compared with; undefined if that is not known. */
function measuredOf(feature: string, { resolution, screen }: MediaFacts): { now: number; read: (text: string | undefined) => number | undefined } | undefined {
  if (feature === 'resolution') return { now: resolution, read: (text) => amount(text, UNITS) };
  if (!screen || !/^device-(?:width|height|aspect-ratio)$/.test(feature)) return undefined;
  const { width, height } = screen;
  if (feature === 'device-aspect-ratio') return { now: width / height, read: ratio };
  return { now: feature === 'device-width' ? width : height, read: (text) => amount(text, LENGTHS) };
}

function amount(text: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit = ''] = /^([\d.]+)([a-z]+)$/i.exec(text?.trim() ?? '') ?? [];
  const factor = units[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function ratio(text: string | undefined): number | undefined {
  const [, width, height = '1'] = /^([\d.]+)(?:\s*\/\s*([\d.]+))?$/.exec(text?.trim() ?? '') ?? [];
  return width === undefined ? undefined : Number(width) / Number(height);
}

function screenOf(told: unknown): MediaFacts['screen'] {
  const [width, height] = Array.isArray(told) ? (told as unknown[]) : [];
  const isLength = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 1e6;
  return isLength(width) && isLength(height) ? { width, height } : undefined;
}

/** Whether the comparison holds; one that is not there does, and one with an unknown unit does not. */
function compare(left: number | undefined, sign: string | undefined, right: number | undefined): boolean {
  if (!sign) return true;
  if (left === undefined || right === undefined || Number.isNaN(left) || Number.isNaN(right)) return false;
  const isSame = Math.abs(left - right) < NEAR;
  if (sign === '=') return isSame;
  return (sign.endsWith('=') && isSame) || (!isSame && (sign.startsWith('<') ? left < right : left > right));
}

/** The one colour scheme that the visitor saw, in place of several that a page supports; undefined if there is nothing to choose. */
export function schemeOf(declared: string, { values }: MediaFacts): string | undefined {
  const words = declared.toLowerCase().split(/\s+/);
  if (!words.includes('light') || !words.includes('dark')) return undefined;
  return values.get('prefers-color-scheme')!.has('dark') ? 'dark' : 'light';
}
