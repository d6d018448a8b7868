/** Types of the API's bodies. `npm run generate` writes `schema.d.ts`, which no commit holds, from `openapi.yaml`. */
import type { components, operations } from './schema';

type Schemas = components['schemas'];

/** What createRecording takes. */
export type NewRecording = Schemas['NewRecording'];
export type Recording = Schemas['Recording'];
export type RecordingPage = Schemas['RecordingPage'];
/** The query of listRecordings. */
export type ListQuery = NonNullable<operations['listRecordings']['parameters']['query']>;
