import type { SiteRecording } from 'contract';
import { useEffect, useRef, useState } from 'react';
import { downloadEvents } from '../api/download';
import { useLibrary } from '../site-context';
import { CloseIcon, DownloadIcon } from '../ui/icons';
import { wordsFor } from '../ui/problem-notice';
import { megabytes } from '../ui/words';

type Download =
  | { readonly name: 'none' }
  | { readonly name: 'running'; readonly bytes: number }
  | { readonly name: 'failed'; readonly why: string };

/** Saves the events of a recording as a file, as they are stored up to now. */
export function DownloadButton({ recording }: { recording: SiteRecording }) {
  const { api } = useLibrary();
  const [download, setDownload] = useState<Download>({ name: 'none' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function start(): Promise<void> {
    const cancelling = new AbortController();
    const { signal } = cancelling;
    const show = (next: Download): void => (signal.aborted ? undefined : setDownload(next));
    running.current = cancelling;
    show({ name: 'running', bytes: 0 });
    try {
      const file = await downloadEvents(api, recording, { signal, onProgress: (bytes) => show({ name: 'running', bytes }) });
      if (!signal.aborted) save(file, `${recording.recordingId}.ndjson`);
      show({ name: 'none' });
    } catch (error) {
      show({ name: 'failed', why: wordsFor(error).title });
    }
  }

  function cancel(): void {
    running.current?.abort();
    setDownload({ name: 'none' });
  }

  const isRunning = download.name === 'running';
  return (
    <>
      <span role="status" className="small">
        {isRunning ? `${megabytes(download.bytes)} downloaded` : ''}
        {download.name === 'failed' ? `The download failed: ${download.why}` : ''}
      </span>
      <button
        type="button"
        className="icon-only"
        aria-label={isRunning ? 'Cancel the download' : 'Download the events'}
        title={isRunning ? 'Cancel the download' : 'Download the events (NDJSON)'}
        onClick={() => (isRunning ? cancel() : void start())}
      >
        {isRunning ? <CloseIcon /> : <DownloadIcon />}
      </button>
    </>
  );
}

/** Hands a file to the browser's downloads. */
function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // Safari starts to read it after the click
}
