/** This repository's recorder with its default options. */
import { startRecording } from '@rrweb-store/recorder';

startRecording({ apiUrl: settings.sink, getToken: async () => settings.token });
