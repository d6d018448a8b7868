import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, lazy, useEffect, useLayoutEffect, useState } from 'react';
import { isPassing } from './api/errors';
import { markWatched } from './list/watched';
import { RecordingsPage } from './pages/recordings-page';
import { SignedInPage } from './pages/signed-in-page';
import { StartFailed } from './pages/start-failed';
import { UnknownPage } from './pages/unknown-page';
import { WelcomePage } from './pages/welcome-page';
import { type Route, routeOf } from './routing/route';
import { useRoute } from './routing/location';
import { LibraryContext, type Site, SiteContext, useSessionState, useSite } from './site-context';
import { ErrorBoundary } from './ui/error-boundary';
import { Loading } from './ui/loading';
import { ProblemNotice } from './ui/problem-notice';
import { Shell } from './ui/shell';
import { showTitle } from './ui/title';

// It includes the player, which is larger than everything else.
const loadRecordingPage = () => import('./pages/recording-page').then((m) => ({ default: m.RecordingPage }));
const RecordingPage = lazy(loadRecordingPage);
const PlaygroundPage = lazy(() => import('./pages/playground-page').then((m) => ({ default: m.PlaygroundPage })));
const RelayPage = lazy(() => import('./pages/relay-page').then((m) => ({ default: m.RelayPage })));
const SetUpPage = lazy(() => import('./pages/set-up-page').then((m) => ({ default: m.SetUpPage })));

/** Starts to load the page that the address names, while the session is still being looked up. */
export function loadAhead(): void {
  if (routeOf(location).page === 'recording') loadRecordingPage().catch(() => {}); // the error is shown when the page is rendered
}

const TITLES: Record<Route['page'], string> = {
  recordings: 'Recordings',
  recording: 'Recording',
  playground: 'Playground',
  'set-up': 'Set up',
  relay: 'Recording a page',
  'signed-in': 'Signing in',
  unknown: 'Not found',
};

export function App({ site }: { site: Site }) {
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            retry: (failures, error) => failures < 2 && isPassing(error),
            refetchOnWindowFocus: false,
            networkMode: 'always', // the API may be reachable although the browser reports no network
            refetchOnReconnect: true, // which that mode would turn off
          },
        },
      }),
  );
  return (
    <SiteContext value={site}>
      <QueryClientProvider client={queries}>
        <Pages />
      </QueryClientProvider>
    </SiteContext>
  );
}

function siteIdOf(route: Route): string | undefined {
  return 'siteId' in route ? route.siteId : undefined;
}

function Pages() {
  const route = useRoute();
  const siteId = siteIdOf(route);
  const { phase } = useSessionState();
  // Before the effects of the page, which may know a better title.
  useLayoutEffect(() => showTitle(TITLES[route.page], siteId), [route.page, siteId]);
  const watched = route.page === 'recording' && phase === 'signed-in' ? route.recordingId : undefined;
  useEffect(() => {
    if (watched !== undefined) markWatched(watched);
  }, [watched]);
  if (route.page === 'signed-in') return <SignedInPage />;
  if (phase !== 'signed-in') return <WelcomePage ended={phase === 'ended'} />;
  if (route.page === 'relay') {
    return (
      <ErrorBoundary fallback={(error) => <StartFailed error={error} />}>
        <Suspense fallback={<Loading what="the recorder" />}>
          <RelayPage />
        </Suspense>
      </ErrorBoundary>
    );
  }
  return (
    <Shell route={route}>
      <ErrorBoundary
        key={`${route.page} ${siteId}`} // also ends what belongs to one owner's list, such as its filter
        // After a new release a file may be gone; a reload finds it under its new name.
        fallback={(error) => <ProblemNotice error={error} retry={() => location.reload()} isPage />}
      >
        <Suspense fallback={<Loading what="the page" />}>
          <Page route={route} />
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function Page({ route }: { route: Route }) {
  const { libraryOf } = useSite();
  switch (route.page) {
    case 'recordings':
      return (
        <LibraryContext value={libraryOf(route.siteId)}>
          <RecordingsPage view={route.view} />
        </LibraryContext>
      );
    case 'recording':
      return (
        <LibraryContext value={libraryOf(route.siteId)}>
          <RecordingPage recordingId={route.recordingId} atMs={route.atMs} />
        </LibraryContext>
      );
    case 'playground':
      return <PlaygroundPage />;
    case 'set-up':
      return <SetUpPage />;
    default:
      return <UnknownPage />;
  }
}
