import { createRoot } from 'react-dom/client';
import { momentOf } from '../routing/moment-text';
import { titleOf } from '../pages/visitor-facts';
import { ProblemNotice } from '../ui/problem-notice';
import { showTitle } from '../ui/title';
import { BarePage } from './bare-page';
import { OneFilePage } from './one-file-page';
import { openFile } from './opened-file';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/recording.css';
import '../styles/player.css';
import '../styles/controls.css';
import '../styles/notes.css';
import '../styles/panels.css';
import './one-file.css';

const root = createRoot(document.getElementById('site')!);

async function start(): Promise<void> {
  try {
    const file = await openFile(document);
    const asked = new URLSearchParams(location.hash.slice(1));
    const atMs = momentOf(asked.get('t') ?? '') ?? file.about.atMs;
    showTitle(titleOf({ hasScreenshot: false, ...file.about.recording }), undefined);
    root.render(asked.get('view') === 'bare' ? <BarePage file={file} atMs={atMs} /> : <OneFilePage file={file} atMs={atMs} />);
  } catch (error) {
    root.render(
      <main>
        <ProblemNotice error={error} isPage />
      </main>,
    );
  }
}

void start();
