/** This repository's recorder for a site, with its default options. */
import { startRecording } from '@rrweb-store/recorder';

startRecording({ writeUrl: `${settings.sink}/w/${settings.token}` });
