/** This repository's recorder. The other settings are its options, if the page's server gives any. */
import { startRecording } from '@rrweb-store/recorder';

const { sink, token, ...options } = settings;
Object.assign(globalThis, { recording: startRecording({ ...options, apiUrl: sink, getToken: async () => token }) });
