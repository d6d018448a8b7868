import { useSites } from '../api/queries';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { Snippet } from '../ui/snippet';
import { siteDeclaration, siteTag, WATCHER_COMMAND } from './snippets';

/** For each site that the token opens, the tag that records its visitors; without any, how to declare one. */
export function SitesSetUp() {
  const { config } = useSite();
  const { data: sites, error, refetch } = useSites();
  if (error) return <ProblemNotice error={error} retry={() => void refetch()} />;
  if (!sites) return <Loading what="your sites" />;
  if (sites.length === 0) return <DeclareSite />;
  return (
    <>
      {sites.map((site) => (
        <section key={site.siteId}>
          <div className="words">
            <h2>Visitors of {site.siteId}</h2>
            <p>
              Put this tag into the head of each page. It records visitors without an account; {PRIVACY[site.privacy]}. Members of
              the group <code>{site.group}</code> can watch the recordings. The attributes{' '}
              <code>data-console="error warn"</code>, <code>data-network</code> and <code>data-vitals</code> record the console, the
              requests and the web vitals of your pages, too.
            </p>
          </div>
          <Snippet wraps name={`the script tag of ${site.siteId}`} code={siteTag(config, site)} />
        </section>
      ))}
    </>
  );
}

/** What each level of privacy keeps from leaving the page. */
const PRIVACY = {
  inputs: 'what they type is masked',
  text: 'all text is masked, and so is what they type',
  private: 'all text is masked, and no picture leaves the page',
} as const;

function DeclareSite() {
  return (
    <section>
      <div className="words">
        <h2>Visitors of a site</h2>
        <p>
          One script tag records visitors without an account. You are not a watcher of any site yet. Declare a site in the
          stack&rsquo;s configuration, deploy it, and add yourself to its group. Then sign in again to see its tag here.
        </p>
      </div>
      <div className="snippets">
        <Snippet name="the declaration of a site" code={siteDeclaration()} />
        <Snippet wraps name="the command that adds a watcher" code={WATCHER_COMMAND} />
      </div>
    </section>
  );
}
