/** How the events are named that tell what a page's program does; docs/recorder.md has their payloads. */
/** Of what was recorded, or would have been, and is missing. */
export const DROPPED_TAG = 'rrweb-store:dropped';
export const ERROR_TAG = 'rrweb-store:error';
export const CLICK_TAG = 'rrweb-store:click';
export const VITAL_TAG = 'rrweb-store:vital';
/** Of what the page itself tells, by `identify` and `track`. */
export const USER_TAG = 'rrweb-store:user';
export const TRACKED_TAG = 'rrweb-store:event';
/** Of rrweb's plugins. */
export const CONSOLE = 'rrweb/console@1';
export const NETWORK = 'rrweb/network@1';

/** Of the console, as the option `console` names them. */
export const LEVELS = ['error', 'warn', 'info', 'log', 'debug'] as const;
