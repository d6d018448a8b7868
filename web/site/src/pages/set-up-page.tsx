import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSite } from '../site-context';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { CopyButton } from '../ui/copy-button';
import { Snippet } from '../ui/snippet';
import { bookmarklet, npmModule, scriptTag } from './snippets';

/** How to record a page of one's own, with this stack's values. */
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
      <p className="lead">Three ways to record a page, each with the values of this stack already in it.</p>
      <section>
        <div className="words">
          <h2>In a page</h2>
          <p>Put this before the end of the body. The page needs an ID token of whoever is recorded.</p>
        </div>
        <Snippet name="the script tag" code={scriptTag(config)} />
      </section>
      <section>
        <div className="words">
          <h2>In an application</h2>
          <p>With a bundler, from the package of this repository.</p>
        </div>
        <Snippet name="the module" code={npmModule(config)} />
      </section>
      <section>
        <div className="words">
          <h2>As a bookmark</h2>
          <p>
            Drag it to the bookmarks, open any page, and press it there. A window of this site opens, asks whether that
            page may be recorded, and sends what it does; your token never comes to the page. Firefox keeps no bookmark
            as long as this one.
          </p>
        </div>
        {bookmark.data ? <Bookmarklet url={bookmark.data} /> : null}
        {bookmark.isPending ? <Loading what="the bookmark" /> : null}
        {bookmark.error ? <ProblemNotice error={bookmark.error} retry={() => void bookmark.refetch()} /> : null}
      </section>
      <section>
        <div className="words">
          <h2>This stack</h2>
          <p>What a client of your own needs to know.</p>
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

/** A link to drag. React refuses such addresses, and pressed here it would do nothing good: it is set by hand. */
function Bookmarklet({ url }: { url: string }) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.setAttribute('href', url), [url]);
  return (
    <p className="actions">
      <a ref={link} className="button bookmarklet" draggable onClick={(event) => event.preventDefault()}>
        Record this page
      </a>
      <span className="small">Drag it to your bookmarks</span>
    </p>
  );
}
