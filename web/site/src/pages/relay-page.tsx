import { useEffect, useRef } from 'react';
import { startRelay } from '@rrweb-store/recorder/relay';
import { recordingPath } from '../routing/route';
import { useSite } from '../site-context';
import { Mark } from '../ui/mark';

/** The window that a bookmark opens: it receives the events of another site's page and sends them. */
export function RelayPage() {
  const { config, session } = useSite();
  const root = useRef<HTMLDivElement>(null);
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return; // it can connect to the page that opened it only once
    started.current = true;
    startRelay({
      apiUrl: config.apiUrl,
      getToken: session.getToken,
      root: root.current!,
      watchUrl: (recordingId) => recordingPath(undefined, recordingId),
    });
    root.current!.querySelector('button')?.classList.add('primary', 'large');
  }, [config, session]);
  return (
    <main className="welcome">
      <Mark />
      <h1>Record a page</h1>
      <div className="relay" ref={root} />
    </main>
  );
}
