import { record } from '@rrweb/record';

/** The one place where the site records: what it gives is what the package `recorder` gives. */
export interface Recorder {
  readonly recordingId: string;
  /** Send what there is, and end. */
  readonly stop: () => Promise<void>;
  /** Send what there is. */
  readonly flush: () => Promise<void>;
}

export interface RecordingOptions {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  /** Gives an ID token, asked for before each request. */
  readonly getToken: () => Promise<string>;
  /** A batch was not stored; it is sent again with the next. */
  readonly onError: (error: unknown) => void;
}

const FLUSH_EVERY_MS = 500;
/** A page that changes this often has a new whole picture now and then, so that jumps stay short. */
const CHECKOUT_EVERY_MS = 120_000;
const CANVAS_FPS = 4;

/** Record this page until `stop`; inputs are masked. Rejects if the recording could not be created. */
export async function startRecording({ apiUrl, getToken, onError }: RecordingOptions): Promise<Recorder> {
  const recordingId = crypto.randomUUID();
  const url = `${apiUrl}/recordings/${recordingId}`;
  let queued: string[] = [];
  let sequence = 0;
  let unsent: { body: Blob; sequence: number } | undefined;
  let sending: Promise<void> = Promise.resolve();

  async function request(path: string, init: RequestInit, type: string): Promise<void> {
    const headers = { ...init.headers, 'Content-Type': type, Authorization: `Bearer ${await getToken()}` };
    const answer = await fetch(`${url}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`the API answered with ${answer.status}`);
  }

  async function send(): Promise<void> {
    if (!unsent && queued.length > 0) {
      const lines = queued.join('\n');
      queued = []; // before the await: what is recorded meanwhile belongs to the next batch
      unsent = { body: await gzipped(lines), sequence: sequence++ };
    }
    if (!unsent) return;
    const batch = unsent;
    const headers = { 'Batch-Sequence': String(batch.sequence) };
    await request('/events', { method: 'POST', body: batch.body, headers }, 'application/gzip');
    unsent = undefined;
  }

  const about = {
    startedAtMs: Date.now(),
    pageUrl: location.origin + location.pathname,
    pageTitle: document.title,
    userAgent: navigator.userAgent.slice(0, 1024),
    viewport: { width: innerWidth, height: innerHeight },
  };
  await request('', { method: 'PUT', body: JSON.stringify(about) }, 'application/json');

  const stopRecording = record({
    emit: (event) => queued.push(JSON.stringify(event)),
    maskAllInputs: true,
    recordCanvas: true,
    inlineImages: true,
    checkoutEveryNms: CHECKOUT_EVERY_MS,
    sampling: { canvas: CANVAS_FPS },
    dataURLOptions: { type: 'image/webp', quality: 0.7 },
  });
  const flush = () => (sending = sending.then(send).catch(onError));
  const timer = setInterval(() => void flush(), FLUSH_EVERY_MS);
  return {
    recordingId,
    flush,
    stop: async () => {
      stopRecording?.();
      clearInterval(timer);
      await flush();
      await flush(); // one that had failed, and what was queued behind it
    },
  };
}

function gzipped(text: string): Promise<Blob> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
}
