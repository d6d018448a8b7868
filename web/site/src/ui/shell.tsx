import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link } from '../routing/link';
import { type Route, recordingsPath } from '../routing/route';
import { useSessionState, useSite } from '../site-context';
import { ListIcon, PlugIcon, PointerIcon, SignOutIcon } from './icons';
import { Mark } from './mark';
import { OfflineNote } from './offline-note';
import { OwnerSwitch } from './owner-switch';

const PLACES = [
  { page: 'recordings', name: 'Recordings', Icon: ListIcon },
  { page: 'playground', name: 'Playground', Icon: PointerIcon },
  { page: 'set-up', name: 'Set up', Icon: PlugIcon },
] as const;

/** The frame around every page of a signed-in user. */
export function Shell({ route, children }: { route: Route; children: ReactNode }) {
  const { page } = route;
  const { session } = useSite();
  const state = useSessionState();
  const email = state.phase === 'signed-in' ? state.email : '';
  const main = useRef<HTMLElement>(null);
  const siteId = useLastOwner(route);
  const place = `${page} ${siteId}`;
  const shown = useRef(place);
  useEffect(() => {
    // The link that was followed is gone; a page may have put the focus where it belongs.
    if (shown.current !== place && !main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    shown.current = place;
  }, [place]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="bar rr-block">
        <Link href="/" className="brand">
          <Mark />
          <span>rrweb store</span>
        </Link>
        <OwnerSwitch siteId={siteId} />
        <nav aria-label="Pages">
          {PLACES.map(({ page: own, name, Icon }) => (
            <Link key={own} href={own === 'recordings' ? recordingsPath(siteId) : `/${own}`} aria-current={page === own ? 'page' : page === 'recording' && own === 'recordings' ? true : undefined}>
              <Icon />
              <span>{name}</span>
            </Link>
          ))}
        </nav>
        <div className="who">
          <span className="email" title={email}>
            {email}
          </span>
          <button type="button" className="quiet" onClick={() => void session.signOut()}>
            <SignOutIcon />
            <span>Sign out</span>
          </button>
        </div>
      </header>
      <OfflineNote />
      <main id="main" tabIndex={-1} ref={main}>
        {children}
      </main>
    </>
  );
}

/** The site whose recordings the address names; on a page that names no owner, the one of the page before. */
function useLastOwner(route: Route): string | undefined {
  const [last, setLast] = useState<string>();
  if (!('siteId' in route)) return last;
  if (route.siteId !== last) setLast(route.siteId);
  return route.siteId;
}
