/** What a module and the script of a tag export alike. */
export { NotDeliveredError, RefusedError } from './delivery';
export type { RecorderOptions } from './options';
export type { Recording } from './recording';
export { DROPPED_TAG } from './report-names';
export { uuidv7 } from './uuid';
