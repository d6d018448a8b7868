import { type FormEvent, useState } from 'react';
import type { Filters } from '../api/find-recordings';
import { TEXTS, TROUBLES } from '../routing/filters';
import { dateAndTime } from '../ui/words';

type Choice = readonly (readonly [value: string, name: string])[];

const TROUBLE_NAMES = { errors: 'Errors', failedRequests: 'Failed requests', rageClicks: 'Rage clicks', deadClicks: 'Dead clicks' } as const;
const TEXT_NAMES = { page: 'Address', user: 'User', visitor: 'Visitor', tag: 'Tag', event: 'Event' } as const;
const HINTS = { page: '/cart', user: 'ada@example.com', visitor: 'the whole id', tag: 'name:value', event: 'ordered' } as const;
const LENGTHS: Choice = [
  ['', 'Any length'],
  ['10000', '10 seconds or more'],
  ['60000', '1 minute or more'],
  ['300000', '5 minutes or more'],
];
const DEVICES: Choice = [['', 'Any device'], ['desktop', 'Desktop'], ['phone', 'Phone'], ['tablet', 'Tablet']];
const BROWSERS: Choice = [['', 'Any browser'], ...['Chrome', 'Edge', 'Firefox', 'Opera', 'Safari', 'Samsung Internet'].map((name) => [name, name] as const)];

/** What the list is narrowed to; the API looks through all recordings. */
export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const set = (name: keyof Filters, value: string) => onChange({ ...filters, [name]: value || undefined });
  const texts = TEXTS.filter((name) => filters[name]);
  const [isOpen, setOpen] = useState(false);
  const count = Object.values(filters).filter(Boolean).length;
  return (
    <>
      {/* On a phone alone. */}
      <button type="button" className="filters-fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters{count > 0 ? ` (${count})` : ''}
      </button>
      <div className={isOpen ? 'filters' : 'filters folded'} role="group" aria-label="Filters">
        {TROUBLES.map((name) => (
          <button key={name} type="button" className="chip" aria-pressed={filters[name] === 'true'} onClick={() => set(name, filters[name] ? '' : 'true')}>
            {TROUBLE_NAMES[name]}
          </button>
        ))}
        <Select name="When" value={filters.from} choice={times(filters.from)} onChange={(value) => set('from', value)} />
        <Select name="Length" value={filters.minDurationMs} choice={LENGTHS} onChange={(value) => set('minDurationMs', value)} />
        <Select name="Device" value={filters.device} choice={DEVICES} onChange={(value) => set('device', value)} />
        <Select name="Browser" value={filters.browser} choice={BROWSERS} onChange={(value) => set('browser', value)} />
        <TextFilter onAdd={set} />
        {texts.map((name) => (
          <button key={name} type="button" className="chip added" onClick={() => set(name, '')} aria-label={`Remove the filter ${TEXT_NAMES[name]}: ${filters[name]}`}>
            <bdi>
              {TEXT_NAMES[name]}: {filters[name]}
            </bdi>
            <span aria-hidden="true">×</span>
          </button>
        ))}
        {count > 0 ? (
          <button type="button" className="quiet" onClick={() => onChange({})}>
            Clear all
          </button>
        ) : null}
      </div>
    </>
  );
}

function Select({ name, value = '', choice, onChange }: { name: string; value: string | undefined; choice: Choice; onChange: (value: string) => void }) {
  const all = choice.some(([known]) => known === value) ? choice : [...choice, [value, value] as const]; // of an address that was written by hand
  return (
    <select aria-label={name} value={value} onChange={(event) => onChange(event.target.value)}>
      {all.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}

function TextFilter({ onAdd }: { onAdd: (name: keyof Filters, value: string) => void }) {
  const [name, setName] = useState<(typeof TEXTS)[number]>('page');
  const [text, setText] = useState('');
  function add(event: FormEvent): void {
    event.preventDefault();
    if (text.trim()) onAdd(name, text.trim());
    setText('');
  }
  return (
    <form className="text-filter" onSubmit={add}>
      <select aria-label="Look for" value={name} onChange={(event) => setName(event.target.value as typeof name)}>
        {TEXTS.map((one) => (
          <option key={one} value={one}>
            {TEXT_NAMES[one]}
          </option>
        ))}
      </select>
      <input aria-label={TEXT_NAMES[name]} placeholder={HINTS[name]} value={text} onChange={(event) => setText(event.target.value)} />
      <button type="submit">Add</button>
    </form>
  );
}

/** Days begin at midnight of the watcher's clock. */
function times(from: string | undefined): Choice {
  const since = (days: number): string => `${new Date().setHours(0, 0, 0, 0) - days * 86_400_000}`;
  const known: Choice = [['', 'Any time'], [since(0), 'Today'], [since(6), 'Last 7 days'], [since(29), 'Last 30 days']];
  const atMs = Number(from);
  if (!from || !(atMs <= 8.64e15) || known.some(([value]) => value === from)) return known;
  return [...known, [from, `Since ${dateAndTime(atMs)}`]];
}
