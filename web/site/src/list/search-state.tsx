import { CheckIcon } from '../ui/icons';
import { Loading } from '../ui/loading';
import { ProblemNotice } from '../ui/problem-notice';
import { counted } from '../ui/words';
import type { SearchState } from './use-search';

interface SearchStateProps {
  readonly state: SearchState;
  readonly isFiltered: boolean;
  /** Whether more is loaded by itself as the end of the list comes into view. */
  readonly loadsOnSight: boolean;
  readonly found: number;
  readonly lookedThrough: number;
  readonly error: unknown;
  readonly stop: () => void;
  readonly findMore: () => void;
}

/** How far the list is loaded, below it: at work, stopped, failed, or at its end. */
export function SearchStateNote({ state, isFiltered, loadsOnSight, found, lookedThrough, error, stop, findMore }: SearchStateProps) {
  const looked = `Looked through ${counted(lookedThrough, 'recording')}, found ${found.toLocaleString('en')}.`;
  switch (state) {
    case 'searching':
      if (!isFiltered) return found > 0 ? <Loading what="older recordings" /> : null;
      return (
        <div className="search-state busy">
          <span className="spinner" aria-hidden="true" />
          <p>
            <span role="status">Searching …</span> {lookedThrough > 0 ? looked : ''}
          </p>
          {lookedThrough > 0 ? (
            <button type="button" onClick={stop}>
              Stop
            </button>
          ) : null}
        </div>
      );
    case 'stopped':
      return (
        <div className="search-state">
          <p>
            <span role="status">Stopped.</span> {looked} There are more to look through.
          </p>
          <button type="button" className="primary" onClick={findMore}>
            Go on
          </button>
        </div>
      );
    case 'full':
      return (
        <div className="search-state">
          <p>{isFiltered ? `${looked} There are more to look through.` : ''}</p>
          {loadsOnSight ? null : (
            <button type="button" onClick={findMore}>
              Load more
            </button>
          )}
        </div>
      );
    case 'failed':
      return <ProblemNotice error={error} retry={findMore} />;
    case 'over':
      if (found === 0) return null;
      return (
        <div className="search-state finished">
          <CheckIcon />
          <p role="status">{isFiltered ? `All ${counted(lookedThrough, 'recording')} looked through, found ${found.toLocaleString('en')}.` : `End of the list: ${counted(found, 'recording')}.`}</p>
        </div>
      );
  }
}
