import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { CloseIcon } from '../ui/icons';
import { clock } from '../ui/words';
import { indexAt } from './sorted-rows';

interface Row {
  readonly timestamp: number;
}

export interface RowListProps<R extends Row> {
  /** In order of time. */
  readonly rows: readonly R[];
  /** Timestamp of the recording's start. */
  readonly startMs: number;
  /** Of the player. */
  readonly timeMs: number;
  /** For screen readers. */
  readonly name: string;
  readonly classOf: (row: R) => string;
  readonly render: (row: R) => ReactNode;
  /** All that is known of a row; `null` if the row says it all. */
  readonly detail: (row: R) => ReactNode;
  readonly onJump: (atMs: number) => void;
}

const PX = { mouse: 32, finger: 40 };
const OVERSCAN = 8;

/**
 * Rows of a panel, of which only those in sight are elements. The list follows the player until it is scrolled by hand.
 * A click or Enter goes to the row's moment; the arrow keys go through the rows.
 */
export function RowList<R extends Row>({ rows, startMs, timeMs, name, classOf, render, detail, onJump }: RowListProps<R>) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const [chosen, setChosen] = useState<R>();
  const [height] = useState(() => (matchMedia('(pointer: coarse)').matches ? PX.finger : PX.mouse));
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: OVERSCAN });
  const current = indexAt(rows, startMs + timeMs);
  const active = useMemo(() => (chosen ? rows.indexOf(chosen) : -1), [rows, chosen]);
  const reveal = (index: number): void => {
    const list = scroller.current;
    if (!list || index < 0) return;
    list.scrollTop = Math.min(index * height, Math.max((index + 1) * height - list.clientHeight, list.scrollTop));
  };
  useEffect(() => {
    if (follows) reveal(current);
  }, [current, follows, rows.length]);
  useEffect(() => reveal(active), [chosen]); // its details may have taken its place

  const shown = virtual.getVirtualItems();
  const jump = (row: R): void => {
    setChosen(row);
    setFollows(true);
    onJump(Math.max(0, row.timestamp - startMs));
  };
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const from = active >= 0 ? active : Math.max(0, current);
    const steps: Record<string, number> = { ArrowDown: active >= 0 ? from + 1 : from, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: rows.length - 1 };
    if (event.key === 'Enter') {
      if (active >= 0) jump(rows[active]!);
    } else if (Object.hasOwn(steps, event.key)) {
      const to = Math.min(rows.length - 1, Math.max(0, steps[event.key]!));
      setFollows(false);
      setChosen(rows[to]);
    } else return;
    event.preventDefault(); // else the page scrolls, and the player jumps
  }

  return (
    <div className="row-list">
      <div
        ref={scroller}
        className="rows"
        role="listbox"
        aria-label={name}
        aria-activedescendant={shown.some(({ index }) => index === active) ? `${id}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onWheel={() => setFollows(false)}
        onTouchMove={() => setFollows(false)}
        onPointerDown={(event) => event.target === scroller.current && setFollows(false)} // its scrollbar
      >
        <div role="presentation" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <div
                key={index}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === active}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                aria-current={index === current ? 'true' : undefined}
                className={`panel-row ${classOf(row)}${row.timestamp > startMs + timeMs ? ' to-come' : ''}`}
                style={{ transform: `translateY(${start}px)`, height }}
                onClick={() => jump(row)}
              >
                <span className="at">{clock(row.timestamp - startMs)}</span>
                {render(row)}
              </div>
            );
          })}
        </div>
      </div>
      {follows || active === current ? null : (
        <button type="button" className="follow" onClick={() => setFollows(true)}>
          Follow the player
        </button>
      )}
      {chosen && active >= 0 ? <Detail key={active} close={() => setChosen(undefined)}>{detail(chosen)}</Detail> : null}
    </div>
  );
}

function Detail({ close, children }: { close: () => void; children: ReactNode }) {
  if (children === null) return null;
  return (
    <section className="row-detail" aria-label="Details of the row">
      <button type="button" className="icon-only quiet" aria-label="Close the details" onClick={close}>
        <CloseIcon />
      </button>
      {/* It scrolls, so it takes the focus. */}
      <div className="scrolls" tabIndex={0} role="group" aria-label="All of the row">
        {children}
      </div>
    </section>
  );
}

/** Names and values; what is empty is left out. */
export function Values({ of }: { of: readonly (readonly [string, string | undefined])[] }) {
  return (
    <dl className="fact-list">
      {of.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
