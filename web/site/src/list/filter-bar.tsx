import { type FormEvent, useState } from 'react';
import { MAX_DATE_MS } from '../api/moment';
import type { Filters } from '../api/recordings';
import { TEXTS, TROUBLES } from '../routing/filters';
import { type ListView, type Since, spanOf } from '../routing/list-view';
import { localMinute } from '../routing/local-minute';
import { SearchIcon } from '../ui/icons';
import { dateAndTime } from '../ui/words';
import { TimeFields } from './time-fields';

type Choice = readonly (readonly [value: string, name: string])[];

const TROUBLE_NAMES = { errors: 'Errors', failedRequests: 'Failed requests', rageClicks: 'Rage clicks', deadClicks: 'Dead clicks' } as const;
const TEXT_NAMES = { page: 'Address', user: 'User', visitor: 'Visitor', tag: 'Tag', event: 'Event' } as const;
const HINTS = { page: 'such as /cart', user: 'part of a name', visitor: 'the whole id', tag: 'name:value', event: 'the whole name' } as const;
const BETWEEN = 'between';
const TIMES: Choice = [['', 'Any time'], ['today', 'Today'], ['yesterday', 'Yesterday'], ['7d', 'Last 7 days'], ['30d', 'Last 30 days'], [BETWEEN, 'Between …']];
const LENGTHS: Choice = [
  ['', 'Any length'],
  ['10000', '10 seconds or more'],
  ['60000', '1 minute or more'],
  ['300000', '5 minutes or more'],
];
const DEVICES: Choice = [['', 'Any device'], ['desktop', 'Desktop'], ['phone', 'Phone'], ['tablet', 'Tablet']];
const BROWSERS: Choice = [['', 'Any browser'], ...['Chrome', 'Edge', 'Firefox', 'Opera', 'Safari', 'Samsung Internet'].map((name) => [name, name] as const)];

/** What the list is narrowed to; the API looks through all recordings. */
export function FilterBar({ view, onChange }: { view: ListView; onChange: (view: ListView) => void }) {
  const { filters, since } = view;
  const set = (name: keyof Filters, value: string) => onChange({ ...view, filters: { ...filters, [name]: value || undefined } });
  const { from, to } = filters;
  const [isBetween, setBetween] = useState(false);
  const hasTimes = since === undefined && Boolean(isBetween || from || to);
  function setTime(value: string): void {
    setBetween(value === BETWEEN);
    if (value === BETWEEN) onChange({ ...view, since: undefined, filters: { ...filters, ...(since ? spanOf(since, Date.now()) : {}) } });
    else onChange({ ...view, since: (value || undefined) as Since | undefined, filters: { ...filters, from: undefined, to: undefined } });
  }
  const isChip = (time: string | undefined): time is string => Boolean(time) && !(hasTimes && localMinute(time)); // no field shows it
  function clear(): void {
    setBetween(false);
    onChange({ ...view, since: undefined, filters: {} });
  }
  const [isOpen, setOpen] = useState(false);
  const count = Object.values(filters).filter(Boolean).length + (since ? 1 : 0);
  const added: [keyof Filters, string][] = [
    ...TEXTS.flatMap((name): [keyof Filters, string][] => (filters[name] ? [[name, `${TEXT_NAMES[name]}: ${filters[name]}`]] : [])),
    ...(isChip(from) ? [['from', `From ${timeOf(from)}`] as [keyof Filters, string]] : []),
    ...(isChip(to) ? [['to', `Until ${timeOf(to)}`] as [keyof Filters, string]] : []),
  ];
  return (
    <>
      {/* On a phone alone. */}
      <button type="button" className="filters-fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters{count > 0 ? ` (${count})` : ''}
      </button>
      <div className={isOpen ? 'filters' : 'filters folded'} role="group" aria-label="Filters">
        <TextFilter onAdd={set} />
        {TROUBLES.map((name) => (
          <button key={name} type="button" className="chip" aria-pressed={filters[name] === 'true'} onClick={() => set(name, filters[name] ? '' : 'true')}>
            {TROUBLE_NAMES[name]}
          </button>
        ))}
        <Select name="When" value={hasTimes ? BETWEEN : since} choice={TIMES} onChange={setTime} />
        {hasTimes ? <TimeFields from={from} to={to} onChange={set} /> : null}
        <Select name="Length" value={filters.minDurationMs} choice={LENGTHS} onChange={(value) => set('minDurationMs', value)} />
        <Select name="Device" value={filters.device} choice={DEVICES} onChange={(value) => set('device', value)} />
        <Select name="Browser" value={filters.browser} choice={BROWSERS} onChange={(value) => set('browser', value)} />
        {added.map(([name, text]) => (
          <button key={name} type="button" className="chip added" onClick={() => set(name, '')} aria-label={`Remove the filter ${text}`}>
            <bdi>{text}</bdi>
            <span aria-hidden="true">×</span>
          </button>
        ))}
        {count > 0 ? (
          <button type="button" className="quiet" onClick={clear}>
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
    <select aria-label={name} className={value ? 'chosen' : ''} value={value} onChange={(event) => onChange(event.target.value)}>
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
    <form className="text-filter" role="search" onSubmit={add}>
      <select aria-label="Look for" value={name} onChange={(event) => setName(event.target.value as typeof name)}>
        {TEXTS.map((one) => (
          <option key={one} value={one}>
            {TEXT_NAMES[one]}
          </option>
        ))}
      </select>
      <input type="search" aria-label={TEXT_NAMES[name]} placeholder={HINTS[name]} dir="auto" value={text} onChange={(event) => setText(event.target.value)} />
      <button type="submit" className="icon-only" aria-label="Search" title="Search">
        <SearchIcon />
      </button>
    </form>
  );
}

/** As the browser's language writes it; what is no time stays as it is. */
function timeOf(ms: string): string {
  return Math.abs(Number(ms)) <= MAX_DATE_MS ? dateAndTime(Number(ms)) : ms;
}
