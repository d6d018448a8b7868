export { NotDeliveredError, RefusedError } from './delivery';
export type { RecorderOptions } from './options';
export { DROPPED_TAG } from './pipeline';
export type { Recording } from './recording';
export { startRecording } from './start-recording';
export { uuidv7 } from './uuid';
