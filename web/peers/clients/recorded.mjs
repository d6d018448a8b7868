/** Our recorder, for tests that drive it. The other settings are its options. */
import { startRecording } from '@rrweb-store/recorder';

const { sink, token, ...options } = settings;
Object.assign(globalThis, { recording: startRecording({ ...options, apiUrl: sink, getToken: async () => token }) });
