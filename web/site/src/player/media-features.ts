import { customPayload } from './event';

/** How the visitor's browser answered media queries: the values that matched, by feature, and the resolution in dppx. */
export interface MediaFacts {
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  readonly resolution: number;
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
  return { values, resolution: isNumber ? resolution : 1 };
}

/** `(feature)`, `(feature: value)` and `(value <= feature < value)`, without functions in them. */
const CONDITION = /\(\s*([^()]+?)\s*\)/g;
const PLAIN = /^(?:(min|max)-|(-webkit-)(?:(min|max)-)?)?([a-z-]+)\s*(?::\s*(.+))?$/i;
const RANGE = /^(?:([\d.]+\w+)\s*([<>]=?|=)\s*)?resolution(?:\s*([<>]=?|=)\s*([\d.]+\w+))?$/i;
const UNITS: Readonly<Record<string, number>> = { dppx: 1, x: 1, dpi: 1 / 96, dpcm: 2.54 / 96 };
/** Resolutions are compared as browsers do: a zoom gives a number with many digits. */
const NEAR = 0.001;

/** Media queries with each feature of the visitor's browser replaced by a condition that holds always or never. */
export function withFacts(media: string, facts: MediaFacts): string {
  return media.replace(CONDITION, (condition, inner: string) => {
    const holds = answerOf(inner, facts);
    return holds === undefined ? condition : holds ? ALWAYS : NEVER;
  });
}

function answerOf(condition: string, { values, resolution }: MediaFacts): boolean | undefined {
  const range = RANGE.exec(condition);
  if (range && (range[2] || range[3])) return compare(dppx(range[1]), range[2], resolution) && compare(resolution, range[3], dppx(range[4]));
  const plain = PLAIN.exec(condition);
  if (!plain) return undefined;
  const [, limit, webkit, webkitLimit, name = '', value] = plain;
  const feature = name.toLowerCase();
  if (webkit ? feature === 'device-pixel-ratio' : feature === 'resolution') {
    if (value === undefined) return true;
    const bound = webkit ? Number(value) : dppx(value);
    const which = (webkit ? webkitLimit : limit)?.toLowerCase();
    return compare(resolution, which === 'min' ? '>=' : which === 'max' ? '<=' : '=', bound);
  }
  const own = limit || webkit ? undefined : values.get(feature);
  if (!own) return undefined;
  return value === undefined ? !own.has('none') && !own.has('no-preference') : own.has(value.toLowerCase());
}

function dppx(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^([\d.]+)([a-z]+)$/i.exec(text ?? '') ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
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
