/** Protects the memory: later rows of a kind are left out. */
const MAX_ROWS = 50_000;
const MAX_CHARACTERS = 30_000_000;

interface Row {
  readonly timestamp: number;
}

/** Rows of one kind, in order of time. */
export function createSortedRows<R extends Row>() {
  let rows: R[] = [];
  let isSorted = true;
  let hasChanged = false;
  let characters = 0;
  let leftOut = 0;

  return {
    /** Adds a row, or puts it in the place of one. */
    add(row: R, replaces?: R): void {
      const index = replaces ? rows.lastIndexOf(replaces) : -1;
      const size = sizeOf(row) - (index >= 0 ? sizeOf(replaces!) : 0);
      if (index < 0 && (rows.length >= MAX_ROWS || characters + size > MAX_CHARACTERS)) {
        leftOut += 1;
        return;
      }
      characters += size;
      if (hasChanged === false) rows = [...rows]; // the array before was given away
      hasChanged = true;
      if (index >= 0) rows[index] = row;
      else rows.push(row);
      const before = rows.at(-2);
      if (index >= 0 || (before && before.timestamp > row.timestamp)) isSorted = false;
    },
    /** The same array until a row is added. */
    all(): readonly R[] {
      if (!isSorted) rows.sort((a, b) => a.timestamp - b.timestamp);
      isSorted = true;
      hasChanged = false;
      return rows;
    },
    leftOut: (): number => leftOut,
  };
}

function sizeOf(row: Row): number {
  return Object.values(row).reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

/** Index of the last row at or before a time; -1 without one. */
export function indexAt(rows: readonly Row[], timestamp: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.timestamp <= timestamp) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
