import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from '../routing/link';
import type { Route } from '../routing/route';
import { useSessionState, useSite } from '../site-context';
import { ListIcon, PlugIcon, PointerIcon, SignOutIcon } from './icons';
import { Mark } from './mark';
import { OfflineNote } from './offline-note';

const PLACES = [
  { page: 'recordings', href: '/', name: 'Recordings', Icon: ListIcon },
  { page: 'playground', href: '/playground', name: 'Playground', Icon: PointerIcon },
  { page: 'set-up', href: '/set-up', name: 'Set up', Icon: PlugIcon },
] as const;

/** The frame around every page of a signed-in user. */
export function Shell({ page, children }: { page: Route['page']; children: ReactNode }) {
  const { session } = useSite();
  const state = useSessionState();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current !== page) main.current?.focus({ preventScroll: true }); // the link that was followed is gone
    shown.current = page;
  }, [page]);
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
        <nav aria-label="Pages">
          {PLACES.map(({ page: own, href, name, Icon }) => (
            <Link key={own} href={href} aria-current={page === own ? 'page' : page === 'recording' && own === 'recordings' ? true : undefined}>
              <Icon />
              <span>{name}</span>
            </Link>
          ))}
        </nav>
        <div className="who">
          <span className="email">{state.phase === 'signed-in' ? state.email : ''}</span>
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
