/** This repository's recorder for a site, with the console and the requests of the page. */
import { startRecording } from '@rrweb-store/recorder';

startRecording({ writeUrl: `${settings.sink}/w/${settings.token}`, console: true, network: true });
