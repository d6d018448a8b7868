/** The script of a tag. It starts by itself if the tag has `data-write-url`; docs/recorder.md has the other attributes. */
import type { SiteOptions } from './options';
import type { Recording } from './recording';
import { scriptPlugins } from './script-plugins';
import { createStart } from './start-recording';

export * from './shared-exports';

/** The recording that the tag has started. */
export let recording: Recording | undefined;
/** The newest error of that recording. */
export let lastError: unknown;

/** The options that are attributes, too. */
const OF_A_TAG = ['writeUrl', 'visitor', 'privacy', 'replayUrl', 'console', 'network', 'vitals', 'errors', 'mode', 'triggers'] as const;

const { currentScript } = document;
// An element of the page that is named `currentScript` takes its place.
const tag = currentScript?.localName === 'script' ? (currentScript as HTMLScriptElement) : undefined;

/** Record this page and send it to `apiUrl`, or to the `writeUrl` of a site. */
export const startRecording = createStart(scriptPlugins(tag));

if (tag?.dataset['writeUrl'] !== undefined) {
  const given = Object.fromEntries(OF_A_TAG.map((name) => [name, tag.dataset[name]])) as unknown as SiteOptions;
  const { bufferSeconds } = tag.dataset;
  recording = startRecording({ ...given, buffer: bufferSeconds ? { seconds: Number(bufferSeconds) } : undefined, onError: (error) => (lastError = error) });
}
