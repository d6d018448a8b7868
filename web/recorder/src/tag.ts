/** The script of a tag. It starts by itself if the tag has `data-write-url`; docs/recorder.md has the other attributes. */
import type { SiteOptions } from './options';
import type { Recording } from './recording';
import { startRecording } from './start-recording';

export * from './index';

/** The recording that the tag has started. */
export let recording: Recording | undefined;
/** The newest error of that recording. */
export let lastError: unknown;

type TagOptions = Pick<SiteOptions, 'writeUrl' | 'visitor' | 'privacy' | 'replayUrl' | 'mode'> & { triggers?: string; bufferSeconds?: string };

const tag = document.currentScript;
// An element of the page that is named `currentScript` takes its place.
if (tag instanceof HTMLScriptElement && tag.dataset['writeUrl'] !== undefined) {
  const { writeUrl, visitor, privacy, replayUrl, mode, triggers, bufferSeconds } = tag.dataset as TagOptions;
  recording = startRecording({
    writeUrl,
    visitor,
    privacy,
    replayUrl,
    mode,
    triggers: triggers?.split(/\s+/).filter(Boolean) as SiteOptions['triggers'],
    buffer: bufferSeconds ? { seconds: Number(bufferSeconds) } : undefined,
    onError: (error) => (lastError = error),
  });
}
