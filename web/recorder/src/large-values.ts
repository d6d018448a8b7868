import type { eventWithTime } from '@rrweb/types';
import { CUSTOM } from './corrections/recorded-nodes';
import { canGzip } from './gzip';
import { TRACKED_TAG, USER_TAG } from './report-names';
import { typedValues } from './typed-values';
import { cut } from './well-formed';

/** The tag of the custom event that names what was left out of the event before it. */
export const OMITTED_TAG = 'rrweb-store:omitted';

/**
 * With a batch of 4,194,304 characters before it, an event of this length still fits a request of 9.5 MB, also as base64
 * of pictures, which gzip makes a quarter smaller.
 */
const MAX_CHARACTERS = canGzip() ? 8_000_000 : 4_000_000;
/** Shorter values are never left out, and longer texts are cut to this length: more than any screen shows. */
const LARGE_CHARACTERS = 100_000;

const FONT = 10;
const CANVAS = 9;
const CSS = /^(?:_cssText|style|rule|replace|replaceSync)$/;
const END_OF_URL = /["')\s]/g;

/** A large value, and where it stands. */
interface Large {
  readonly owner: Record<string, unknown>;
  readonly key: string;
  readonly value: string;
  /** What has the attribute, if it is one: a node of a snapshot or of an addition, or a change of attributes. */
  readonly element: { readonly id?: number; readonly tagName?: string } | undefined;
}

/** The size of an element in the page, by its id in the recording. */
export type BoxOf = (id: number) => { width: string; height: string } | undefined;

/**
 * The JSON of an event, and of the event that names what was left out of it because no request would take it.
 *
 * @param maxAssetBytes pictures up to this size leave the line anyway
 */
export function linesOf(event: eventWithTime, maxAssetBytes: number, boxOf: BoxOf): readonly [line: string, omission?: eventWithTime] {
  const line = jsonOf(event);
  if (line.length <= MAX_CHARACTERS) return [line];
  const all = largeValues(event);
  const large = all.filter(({ value }) => !isAsset(value, maxAssetBytes));
  let characters = line.length;
  for (const { value } of all) if (isAsset(value, maxAssetBytes)) characters -= value.length;
  const omitted: Large[] = [];
  for (const one of large.sort((a, b) => b.value.length - a.value.length)) {
    if (characters <= MAX_CHARACTERS) break;
    characters -= one.value.length;
    omitted.push(one);
  }
  if (!omitted.length) return [line];
  const { source } = event.data as { source?: number };
  const isWhole = source === FONT || source === CANVAS; // a part of it is of no use
  for (const one of omitted) replace(one, boxOf);
  const payload = { values: omitted.map(({ key, value }) => ({ name: key, characters: value.length })) };
  const omission = { type: 5, data: { tag: OMITTED_TAG, payload }, timestamp: event.timestamp } as eventWithTime;
  return [isWhole ? '' : jsonOf(event), omission];
}

/** Without typed values, but for what the page itself tells by `identify` and `track`. */
function jsonOf(event: eventWithTime): string {
  const json = JSON.stringify(event);
  const isToldByPage = event.type === CUSTOM && (event.data.tag === USER_TAG || event.data.tag === TRACKED_TAG);
  return isToldByPage ? json : typedValues.hideNames(json);
}

/** The style sheet with an empty file in place of each large one. A regular expression would overflow the stack. */
function withoutLargeFiles(css: string): string {
  let kept = '';
  let done = 0;
  for (let start = css.indexOf('data:'); start >= 0; start = css.indexOf('data:', start + 1)) {
    END_OF_URL.lastIndex = start;
    const end = END_OF_URL.exec(css)?.index ?? css.length;
    if (start < done || end - start <= LARGE_CHARACTERS) continue;
    kept += `${css.slice(done, start)}data:,`;
    done = end;
  }
  return kept + css.slice(done);
}

const isAsset = (value: string, maxAssetBytes: number): boolean =>
  /^data:[\w.+-]+\/[^,]{0,99};base64,/.test(value.slice(0, 200)) && value.length * 0.75 <= maxAssetBytes;

function largeValues(event: object): Large[] {
  const found: Large[] = [];
  const rest: [Large['owner'], Large['element']][] = [[event as Record<string, unknown>, undefined]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [owner, element] = next;
    for (const [key, value] of Object.entries(owner)) {
      if (typeof value === 'string' && value.length > LARGE_CHARACTERS) found.push({ owner, key, value, element });
      if (value && typeof value === 'object') {
        rest.push([value as Large['owner'], key === 'attributes' ? owner : undefined]);
      }
    }
  }
  return found;
}

function replace({ owner, key, value, element }: Large, boxOf: BoxOf): void {
  const isPicture = /^data:/i.test(value);
  if (!isPicture) {
    const short = CSS.test(key) || value.includes('{') ? withoutLargeFiles(value) : value;
    owner[key] = short.length > LARGE_CHARACTERS ? cut(short, LARGE_CHARACTERS) : short;
    return;
  }
  owner[key] = '';
  const box = element?.id && boxOf(element.id);
  if (box && element.tagName) Object.assign(owner, { rr_width: box.width, rr_height: box.height });
  else if (box) owner['style'] = { ...Object(owner['style']), ...box };
}
