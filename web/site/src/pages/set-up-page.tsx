import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { CopyButton } from '../ui/copy-button';
import { Snippet } from '../ui/snippet';
import { SitesSetUp } from './sites-set-up';
import { bookmarklet, contentPolicy, npmModule, scriptTag } from './snippets';

/** How to record your own pages, with this stack's values filled in. */
export function SetUpPage() {
  const { config } = useSite();
  const bookmark = useQuery({
    queryKey: ['bookmark'],
    queryFn: ({ signal }) => bookmarklet(config, signal),
    staleTime: Infinity,
  });
  const values = [
    ['API', config.apiUrl],
    ['Issuer', config.issuerUrl],
    ['App client', config.userPoolClientId],
    ['Region', config.region],
    ['Release', config.release],
  ].filter(([, value]) => value) as [string, string][];
  return (
    <div className="set-up">
      <h1>Set up</h1>
      <p className="lead">Four ways to record a page, filled in with the values of this stack.</p>
      <SitesSetUp />
      <section>
        <div className="words">
          <h2>Signed-in users of a page</h2>
          <p>Put this at the end of the body. The page needs an ID token of the user to record. Only that user can watch the recording.</p>
        </div>
        <Snippet name="the script tag" code={scriptTag(config)} />
      </section>
      <section>
        <div className="words">
          <h2>Signed-in users of an application</h2>
          <p>The same with a bundler, and with the token of a user whom a library for OpenID Connect has signed in.</p>
        </div>
        <Snippet name="the module" code={npmModule(config)} />
      </section>
      <section>
        <div className="words">
          <h2>With a content security policy</h2>
          <p>
            If your pages have one, add these sources to its directives. The inline script for signed-in users also needs a nonce or
            a hash. A bookmark needs none of this.
          </p>
        </div>
        <Snippet wraps name="the content security policy" code={contentPolicy(config)} />
      </section>
      <section>
        <div className="words">
          <h2>As a bookmark</h2>
          <p>
            Drag the button to your bookmarks, or copy its address into a new bookmark. Then open any page and click the bookmark.
            A window of this site opens, asks whether to record that page, and sends the events. Your token never reaches the
            page. Firefox cannot store a bookmark this long.
          </p>
        </div>
        {bookmark.data ? <Bookmarklet url={bookmark.data} /> : null}
        {bookmark.isPending ? <Loading what="the bookmark" /> : null}
        {bookmark.error ? <ProblemNotice error={bookmark.error} retry={() => void bookmark.refetch()} /> : null}
      </section>
      <section>
        <div className="words">
          <h2>This stack</h2>
          <p>The values that your own client needs.</p>
        </div>
        <dl className="values">
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
                <CopyButton text={value} name={name} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

/** A link to drag, and its address to copy. React refuses `javascript:` addresses, so it is set by hand. */
function Bookmarklet({ url }: { url: string }) {
  const link = useRef<HTMLAnchorElement>(null);
  const [isPressed, setPressed] = useState(false);
  useEffect(() => link.current?.setAttribute('href', url), [url]);
  return (
    <p className="actions">
      <a
        ref={link}
        className="button bookmarklet"
        draggable
        onClick={(event) => {
          event.preventDefault();
          setPressed(true);
        }}
      >
        Record this page
      </a>
      <CopyButton text={url} name="the bookmark's address" />
      <span className="small" role="status">
        {isPressed ? 'Click it in your bookmarks, on the page that you want to record. To record this site, use the playground.' : 'Drag it to your bookmarks'}
      </span>
    </p>
  );
}
