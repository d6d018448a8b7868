import type { SiteRecording } from 'contract';
import { useEffect, useRef, useState } from 'react';
import { downloadEvents } from '../api/download';
import { collectOneFile } from '../api/one-file';
import type { Range } from '../one-file/cut';
import { routeOf } from '../routing/route';
import { useLibrary } from '../site-context';
import { CloseIcon, DownloadIcon } from '../ui/icons';
import { useDisclosure } from '../ui/use-disclosure';
import { megabytes } from '../ui/words';
import { type Download, NONE, afterFailure, progressOf, rangeWords } from './download-state';

/** Saves a recording as a file, as it is stored up to now: its events, or a page that plays it. */
export function DownloadMenu({ recording }: { recording: SiteRecording }) {
  const { api } = useLibrary();
  const { isOpen, setOpen, box, button, onBlur } = useDisclosure();
  const [download, setDownload] = useState<Download>(NONE);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const { recordingId, durationMs } = recording;

  async function start(name: string, collect: (signal: AbortSignal, show: (progress: string) => void) => Promise<Blob>, range?: Range): Promise<void> {
    const cancelling = new AbortController();
    const { signal } = cancelling;
    const show = (next: Download): void => (signal.aborted ? undefined : setDownload(next));
    running.current = cancelling;
    setOpen(false);
    button.current?.focus();
    show({ name: 'running', progress: `${megabytes(0)} collected` });
    try {
      const file = await collect(signal, (progress) => show({ name: 'running', progress }));
      if (!signal.aborted) save(file, name);
      show(NONE);
    } catch (error) {
      const next = afterFailure(error, shownMs(), range);
      show(next);
      if (next.name === 'too-large' && !signal.aborted) setOpen(true);
    }
  }

  const saveEvents = () =>
    start(`${recordingId}.ndjson`, (signal, show) => downloadEvents(api, recording, { signal, onProgress: (bytes) => show(`${megabytes(bytes)} collected`) }));
  const savePage = (range?: Range) =>
    start(
      `${recordingId}.html`,
      (signal, show) => collectOneFile(api, recording, { signal, range, onProgress: (atMs, bytes) => show(progressOf(atMs, bytes, range?.toMs ?? durationMs)) }),
      range,
    );

  function cancel(): void {
    running.current?.abort();
    setDownload(NONE);
  }

  const isRunning = download.name === 'running';
  const isTooLarge = download.name === 'too-large';
  return (
    <div className="download" ref={box} onBlur={onBlur}>
      <span role="status" className="small">
        {isRunning ? download.progress : ''}
        {download.name === 'failed' ? `The download failed: ${download.why}` : ''}
        {isTooLarge ? `The page would have ${megabytes(download.bytes)}` : ''}
      </span>
      <button
        type="button"
        ref={button}
        className="icon-only"
        aria-label={isRunning ? 'Cancel the download' : 'Download'}
        title={isRunning ? 'Cancel the download' : 'Download'}
        aria-expanded={isRunning ? undefined : isOpen}
        aria-controls={isRunning ? undefined : 'downloads'}
        onClick={() => (isRunning ? cancel() : setOpen(!isOpen))}
      >
        {isRunning ? <CloseIcon /> : <DownloadIcon />}
      </button>
      <div id="downloads" className="downloads" hidden={!isOpen}>
        {isOpen ? (
          <>
            {isTooLarge ? (
              <>
                <p>
                  As one page, this recording would have {megabytes(download.bytes)}. A page of more than 50 MB is not saved: it would be too large for many mail boxes,
                  and slow to open.
                </p>
                <button type="button" className="primary" onClick={() => void savePage(download.range)}>
                  Save {rangeWords(download.range)}
                </button>
              </>
            ) : null}
            <button type="button" onClick={() => void savePage()}>
              <strong>One page (HTML)</strong>
              <span className="small">Plays in any browser, without an account or a network</span>
            </button>
            <button type="button" onClick={() => void saveEvents()}>
              <strong>Events (NDJSON)</strong>
              <span className="small">One event of rrweb's a line</span>
            </button>
            <p className="small">Anyone who has the file can see the recording, even after it is deleted here.</p>
          </>
        ) : null}
      </div>
    </div>
  );
}

/** The moment that the page's address names, which follows the player. */
function shownMs(): number {
  const route = routeOf(location);
  return route.page === 'recording' ? (route.atMs ?? 0) : 0;
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
