import { createRoot } from 'react-dom/client';
import { createApi } from './api/client';
import { createLibraries } from './api/library';
import { App, loadAhead } from './app';
import { createSession } from './auth/session';
import { fetchConfig } from './config';
import { StartFailed } from './pages/start-failed';
import { goTo } from './routing/location';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/recordings.css';
import './styles/rows.css';
import './styles/recording.css';
import './styles/player.css';
import './styles/controls.css';
import './styles/notes.css';
import './styles/panels.css';
import './styles/erasure.css';
import './styles/pages.css';

const root = createRoot(document.getElementById('site')!);

async function start(): Promise<void> {
  try {
    const config = await fetchConfig();
    const session = await createSession(config);
    const returnTo = session.takeReturnPath();
    if (returnTo !== undefined && location.pathname === '/') goTo(returnTo, { replace: true });
    const api = createApi({ apiUrl: config.apiUrl, getToken: session.getToken });
    root.render(<App site={{ config, session, api, libraryOf: createLibraries(api) }} />);
  } catch (error) {
    root.render(<StartFailed error={error} />);
  }
}

loadAhead();
void start();
