import { type FormEvent, useId, useState } from 'react';
import { Link } from '../routing/link';
import { type ListView, listViewOf, searchOfView } from '../routing/list-view';
import { recordingsPath } from '../routing/route';
import { useLibrary } from '../site-context';
import { BUILT_IN, MAX_NAME_CHARACTERS, type SavedView, isSameList, keepViews, listOf, named, savedViews } from './views';

/** What is done with the saved views at the moment. */
type Doing = { readonly name: 'nothing' } | { readonly name: 'naming'; readonly renamed?: SavedView } | { readonly name: 'deleted'; readonly view: SavedView; readonly before: readonly SavedView[] };

/** Links to lists with a name: those of the site, and those that the user has saved in this browser. */
export function ViewsBar({ view }: { view: ListView }) {
  const { siteId } = useLibrary();
  const [views, setViews] = useState(() => savedViews(siteId));
  const [doing, setDoing] = useState<Doing>({ name: 'nothing' });
  const search = searchOfView(view);
  const own = views.find((one) => isSameList(one.search, search));
  const isKnown = own !== undefined || BUILT_IN.some((one) => isSameList(one.search, search));
  const hrefOf = (one: SavedView) => recordingsPath(siteId) + searchOfView({ ...listViewOf(one.search), density: view.density });

  function keep(next: readonly SavedView[], then: Doing): void {
    keepViews(siteId, next);
    setViews(next);
    setDoing(then);
  }

  function link(one: SavedView) {
    return (
      <li key={one.name}>
        <Link href={hrefOf(one)} className="view" aria-current={isSameList(one.search, search) ? 'true' : undefined}>
          <bdi>{one.name}</bdi>
        </Link>
      </li>
    );
  }

  return (
    <div className="views">
      <ul aria-label="Views">
        {BUILT_IN.map(link)}
        {views.map(link)}
      </ul>
      {doing.name === 'naming' ? (
        <NameForm
          key={doing.renamed?.name}
          name={doing.renamed?.name ?? ''}
          onName={(name) => {
            const saved = named(savedViews(siteId), { name, search: doing.renamed?.search ?? listOf(search) }, doing.renamed?.name);
            if ('refused' in saved) return saved.refused;
            keep(saved.views, { name: 'nothing' });
            return undefined;
          }}
          onCancel={() => setDoing({ name: 'nothing' })}
        />
      ) : null}
      {doing.name !== 'naming' && !isKnown ? (
        <button type="button" className="quiet" onClick={() => setDoing({ name: 'naming' })}>
          Save this view
        </button>
      ) : null}
      {doing.name !== 'naming' && own ? (
        <>
          <button type="button" className="quiet" onClick={() => setDoing({ name: 'naming', renamed: own })}>
            Rename<span className="unseen"> the view {own.name}</span>
          </button>
          <button
            type="button"
            className="quiet"
            onClick={() => {
              const before = savedViews(siteId);
              keep(before.filter(({ name }) => name !== own.name), { name: 'deleted', view: own, before });
            }}
          >
            Delete<span className="unseen"> the view {own.name}</span>
          </button>
        </>
      ) : null}
      <span role="status" className="small">
        {doing.name === 'deleted' ? (
          <>
            “<bdi>{doing.view.name}</bdi>” is deleted.{' '}
            <button type="button" className="quiet" onClick={() => keep(doing.before, { name: 'nothing' })}>
              Undo
            </button>
          </>
        ) : null}
      </span>
    </div>
  );
}

function NameForm({ name, onName, onCancel }: { name: string; onName: (name: string) => string | undefined; onCancel: () => void }) {
  const [text, setText] = useState(name);
  const [refused, setRefused] = useState<string>();
  const reason = useId();
  function save(event: FormEvent): void {
    event.preventDefault();
    setRefused(onName(text));
  }
  return (
    <form className="view-name" onSubmit={save} onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      <input
        aria-label="Name of the view"
        placeholder="Name of the view"
        aria-invalid={refused !== undefined}
        aria-describedby={refused === undefined ? undefined : reason}
        maxLength={2 * MAX_NAME_CHARACTERS}
        dir="auto"
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">Save</button>
      <button type="button" className="quiet" onClick={onCancel}>
        Cancel
      </button>
      {refused === undefined ? null : (
        <span id={reason} role="alert" className="refused">
          {refused}
        </span>
      )}
    </form>
  );
}
