/** This repository's recorder, as a page that names no option gets it. */
import { startRecording } from 'recorder';

startRecording({ apiUrl: settings.sink, getToken: async () => settings.token });
