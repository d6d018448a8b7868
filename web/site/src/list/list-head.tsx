import { type Density, type ListView, type Sort } from '../routing/list-view';
import type { SiteRecording } from 'contract';
import { KeyboardIcon, ListIcon, RowsIcon } from '../ui/icons';
import { troublesOf } from '../pages/visitor-facts';
import { counted, roundSpan } from '../ui/words';
import { totalsOf } from './order';

const SORTS: readonly (readonly [Sort, string])[] = [
  ['newest', 'Newest first'],
  ['longest', 'Longest first'],
  ['errors', 'Most errors first'],
];
const DENSITIES = [
  ['cards', 'Cards', ListIcon],
  ['rows', 'Rows', RowsIcon],
] as const;

/** How much is loaded, and how the list shows it. */
export function ListHead({
  recordings,
  hasMore,
  view,
  density,
  onChange,
  onHelp,
}: {
  recordings: readonly SiteRecording[];
  hasMore: boolean;
  view: ListView;
  density: Density;
  onChange: (view: ListView) => void;
  onHelp: () => void;
}) {
  return (
    <div className="list-bar">
      <p className="totals">{totalWords(recordings, view.sort, hasMore)}</p>
      <select aria-label="Order" value={view.sort} onChange={(event) => onChange({ ...view, sort: event.target.value as Sort })}>
        {SORTS.map(([sort, name]) => (
          <option key={sort} value={sort}>
            {name}
          </option>
        ))}
      </select>
      <div role="group" aria-label="Show as" className="densities">
        {DENSITIES.map(([one, name, Icon]) => (
          <button key={one} type="button" className="icon-only" aria-label={name} title={name} aria-pressed={one === density} onClick={() => onChange({ ...view, density: one })}>
            <Icon />
          </button>
        ))}
      </div>
      <button type="button" className="icon-only keys-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={onHelp}>
        <KeyboardIcon />
      </button>
    </div>
  );
}

/** What is loaded, added up; with more to load, which of them the order is of. */
function totalWords(recordings: readonly SiteRecording[], sort: Sort, hasMore: boolean): string {
  const totals = totalsOf(recordings);
  const orderName = SORTS.find(([one]) => one === sort)![1];
  return [
    counted(totals.recordings, 'recording') + (hasMore ? ' loaded' : ''),
    totals.durationMs >= 60_000 ? roundSpan(totals.durationMs) : '',
    ...troublesOf(totals),
    hasMore && sort !== 'newest' ? `${orderName} of the ${totals.recordings.toLocaleString('en')} loaded; there are more` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
