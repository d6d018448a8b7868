import { useDeferredValue, useState } from 'react';

/** What is searched for in a panel. The rows follow it when the browser is idle. */
export function useRowSearch() {
  const [search, setSearch] = useState('');
  return {
    search,
    onSearch: setSearch,
    /** In lower case; empty if nothing is searched for. */
    wanted: useDeferredValue(search.trim().toLowerCase()),
  };
}

/** Whether a row or its details say what is wanted. */
export function says({ text, detail }: { readonly text: string; readonly detail: string }, wanted: string): boolean {
  return text.toLowerCase().includes(wanted) || detail.toLowerCase().includes(wanted);
}
