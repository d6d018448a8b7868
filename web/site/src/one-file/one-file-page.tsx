import { useMemo } from 'react';
import { beganAtMs } from '../api/moment';
import type { Library } from '../api/library';
import { titleOf } from '../pages/visitor-facts';
import { Panels } from '../panels/panels';
import { inWords } from '../player/other-hosts';
import { Player } from '../player/player';
import { LibraryContext } from '../site-context';
import { counted, dateAndTime, readableUrl } from '../ui/words';
import type { OpenedFile } from './opened-file';
import { useFile } from './use-file';

/** A recording in a file of its own: the site's player and panels, without the site. */
export function OneFilePage({ file, atMs }: { file: OpenedFile; atMs: number | undefined }) {
  const { recording, missingAssets } = file.about;
  const { pageUrl = '' } = recording;
  const library = useMemo<Library>(() => ({ siteId: undefined, path: '', api: () => Promise.reject(new Error('a file asks no API')), readAsset: file.readAsset }), [file]);
  const { playback, state, setRoot } = useFile(file, atMs, !matchMedia('(prefers-reduced-motion: reduce)').matches);
  const absent = inWords(state.absent);
  return (
    <LibraryContext value={library}>
      <main>
        <div className="recording">
          <div className="head">
            <div className="title">
              <h1 title={recording.pageTitle} dir="auto">
                {titleOf({ hasScreenshot: false, ...recording })}
              </h1>
              <p className="page-address">{readableUrl(pageUrl)}</p>
            </div>
            <p className="small">Recorded {dateAndTime(beganAtMs(recording))}</p>
          </div>
          <Player {...{ pageUrl, playback, state, setRoot }} poster={undefined} />
          <div className="side">
            <Panels recording={{ hasScreenshot: false, ...recording }} playback={playback} state={state} match={undefined} onVisitorErased={() => {}}>
              {absent ? <p className="small">{absent}</p> : null}
              {missingAssets > 0 ? <p className="small">Missing in this file: {counted(missingAssets, 'picture, font or style sheet', 'pictures, fonts or style sheets')}.</p> : null}
            </Panels>
          </div>
        </div>
      </main>
    </LibraryContext>
  );
}
