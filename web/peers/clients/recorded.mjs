/** Our recorder, for a test that drives it: what else is among the settings are its options. */
import { startRecording } from 'recorder';

const { sink, token, ...options } = settings;
Object.assign(globalThis, { recording: startRecording({ ...options, apiUrl: sink, getToken: async () => token }) });
