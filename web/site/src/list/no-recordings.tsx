/** What the list says when it has no recording. */
import { useSites } from '../api/queries';
import { Link } from '../routing/link';
import { recordingsPath } from '../routing/route';
import { FilmIcon, SearchIcon } from '../ui/icons';

/** Nothing has been recorded, of the user or of the site. */
export function NoRecordings({ siteId }: { siteId: string | undefined }) {
  return siteId === undefined ? <NoneOfMine /> : <NoneOf siteId={siteId} />;
}

/** Both ways to a recording: by a signed-in user, and by being a watcher of a site. */
function NoneOfMine() {
  const { data: sites = [] } = useSites();
  return (
    <div className="notice">
      <FilmIcon />
      <h2>Nothing has been recorded yet</h2>
      <p>
        <strong>Record yourself.</strong> Use the playground, or add the recorder to a page where you sign in. The recording
        appears here within seconds.
      </p>
      <p>
        <strong>Watch the visitors of a site.</strong>{' '}
        {sites.length > 0
          ? 'You watch these sites; the switch in the header leads to them, too:'
          : 'Ask the operator of this stack to add you to the group of the site, such as site-shop, and sign in again. A switch in the header then leads to its recordings.'}
      </p>
      {sites.length > 0 ? (
        <p className="actions">
          {sites.map(({ siteId }) => (
            <Link key={siteId} href={recordingsPath(siteId)}>
              {siteId}
            </Link>
          ))}
        </p>
      ) : null}
      <p className="actions">
        <Link href="/playground" className="button primary">
          Open the playground
        </Link>
        <Link href="/set-up" className="button">
          Set up a page
        </Link>
      </p>
    </div>
  );
}

function NoneOf({ siteId }: { siteId: string }) {
  return (
    <div className="notice">
      <FilmIcon />
      <h2>No visitor of {siteId} has been recorded yet</h2>
      <p>Put the script tag of the site on its pages. A visit appears here within a minute.</p>
      <p className="actions">
        <Link href="/set-up" className="button primary">
          Get the script tag
        </Link>
      </p>
    </div>
  );
}

/** Everything was looked through, and nothing fits. */
export function NoneFits({ lookedThrough, clear }: { lookedThrough: number; clear: () => void }) {
  return (
    <div className="notice">
      <SearchIcon />
      <h2>No recording fits these filters</h2>
      <p>
        {lookedThrough === 1 ? '1 recording was' : `${lookedThrough.toLocaleString('en')} recordings were`} looked through. Texts are case-sensitive, and a
        filter does not find recordings that lack its fact.
      </p>
      <button type="button" className="primary" onClick={clear}>
        Clear all filters
      </button>
    </div>
  );
}
