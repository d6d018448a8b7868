/** Runs in a page: records it as the recorder does, into a list. */
import { recordPage } from '../../../recorder/src/record-page';
import type { RecorderOptions } from '../../../recorder/src/options';
export { CHANGE_NAMES, change } from './random-changes';
export { treeOf } from './tree';

let events: object[] = [];
let recording: ReturnType<typeof recordPage> | undefined;

export function start(options: object = {}): void {
  const all = { privacy: 'inputs', ...options } as RecorderOptions;
  recording = recordPage(all, (event) => void events.push(event), (error) => void console.error(error), () => false, () => {});
}

export function stop(): void {
  recording?.stop();
}

/** A full snapshot of the page as it is now. */
export function takeSnapshot(): void {
  events = [];
  recording!.takeSnapshot();
}

export function taken(): string[] {
  return events.map((event) => JSON.stringify(event));
}

/** How many documents of frames were recorded. */
export function attached(): number {
  return events.filter((event) => (event as { data?: { isAttachIframe?: boolean } }).data?.isAttachIframe).length;
}
