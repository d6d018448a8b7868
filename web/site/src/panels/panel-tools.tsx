import type { ReactNode } from 'react';
import type { PlaybackState } from '../player/playback-state';
import { SearchIcon } from '../ui/icons';

/** What is above the rows of a panel: a search, and filters. */
export function PanelTools({ what, search, onSearch, children }: { what: string; search: string; onSearch: (text: string) => void; children?: ReactNode }) {
  return (
    <div className="panel-tools">
      <label className="search">
        <SearchIcon />
        <input type="search" aria-label={`Search ${what}`} placeholder={`Search ${what}`} value={search} onChange={({ target }) => onSearch(target.value)} />
      </label>
      {children}
    </div>
  );
}

/** Says why there is no row. */
export function NoRows({ hasAny, state: { error, loaded }, children }: { hasAny: boolean; state: PlaybackState; children: ReactNode }) {
  const why = error === undefined ? 'The recording is still loading.' : 'The recording could not be loaded.';
  return <div className="no-rows small">{hasAny ? 'Nothing fits the search and the filters.' : loaded === 'partly' ? `Nothing so far. ${why}` : children}</div>;
}
