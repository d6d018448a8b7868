import { useEffect, useState } from 'react';
import type { Filters } from '../api/recordings';
import { localMinute, timeOfMinute } from '../routing/local-minute';

/** Somebody who has typed nothing for so long has typed a whole date. */
const TYPED_MS = 1_000;

/** From when until when, by this browser's clock, to the minute. */
export function TimeFields({ from, to, onChange }: Pick<Filters, 'from' | 'to'> & { onChange: (name: 'from' | 'to', ms: string) => void }) {
  return (
    <div className="times" role="group" aria-label="Between">
      <TimeField name="From" ms={from} edge="begins" onChange={(ms) => onChange('from', ms)} />
      <TimeField name="Until" ms={to} edge="ends" onChange={(ms) => onChange('to', ms)} />
      {from && to && Number(from) > Number(to) ? (
        <span className="refused" role="alert">
          “From” is later than “Until”, so no recording fits.
        </span>
      ) : null}
    </div>
  );
}

function TimeField({ name, ms, edge, onChange }: { name: string; ms: string | undefined; edge: 'begins' | 'ends'; onChange: (ms: string) => void }) {
  const known = localMinute(ms) ?? '';
  const [typed, setTyped] = useState(known);
  useEffect(() => setTyped(known), [known]);
  function take(minute: string): void {
    const time = timeOfMinute(minute, edge);
    if (minute !== known && (time !== undefined || minute === '')) onChange(time ?? '');
  }
  useEffect(() => {
    if (typed === '') return undefined; // perhaps half of a date
    const timer = setTimeout(() => take(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, known]);
  return (
    <label>
      {name}{' '}
      <input
        type="datetime-local"
        min="1970-01-02T00:00"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(typed)}
        onBlur={({ target }) => !target.validity.badInput && take(typed)}
      />
    </label>
  );
}
