import { startRecording } from '/node_modules/@rrweb-store/recorder/dist/recorder.mjs';

window.recording = startRecording({ writeUrl: 'https://…/w/wk_…', privacy: 'inputs', console: true });
