/** Types of the API's bodies. `npm run generate` writes `schema.d.ts`, which no commit holds, from `openapi.yaml`. */
import type { components, operations } from './schema';

type Schemas = components['schemas'];

/** What createRecording takes. */
export type NewRecording = Schemas['NewRecording'];
export type Recording = Schemas['Recording'];
export type RecordingPage = Schemas['RecordingPage'];
/** The query of listRecordings. */
export type ListQuery = NonNullable<operations['listRecordings']['parameters']['query']>;
/** A recording of a site. One of a user has the same fields, without those of a visitor. */
export type SiteRecording = Schemas['SiteRecording'];
export type SiteRecordingPage = Schemas['SiteRecordingPage'];
/** A site that the token may watch. */
export type WatchedSite = Schemas['Site'];
export type Sites = Schemas['Sites'];
/** What deleteRecording, deleteSiteRecording and deleteVisitor answer. */
export type StartedErasure = Schemas['StartedErasure'];
export type Erasure = Schemas['Erasure'];
