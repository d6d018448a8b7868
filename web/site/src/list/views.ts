import { createKept } from '../kept';
import { listViewOf, searchOfView } from '../routing/list-view';

/** A list with a name. */
export interface SavedView {
  readonly name: string;
  /** The query of its address. */
  readonly search: string;
}

/** What can be done to the saved views went through, or why it did not. */
export type Saved = { readonly views: readonly SavedView[] } | { readonly refused: string };

export const BUILT_IN: readonly SavedView[] = [
  { name: 'All', search: '' },
  { name: 'With errors', search: '?errors=true' },
  { name: 'Failed requests', search: '?failedRequests=true' },
  { name: 'Rage clicks', search: '?rageClicks=true' },
  { name: 'Today', search: '?since=today' },
];
export const MAX_NAME_CHARACTERS = 60;
const MAX_VIEWS = 50;

/** Of each owner, in this browser. */
const kept = createKept(() => localStorage, 'rrweb-store:views:', isViews);

export function savedViews(siteId: string | undefined): readonly SavedView[] {
  return kept.get(siteId ?? '') ?? [];
}

export function keepViews(siteId: string | undefined, views: readonly SavedView[]): void {
  kept.set(siteId ?? '', views);
}

/** Views with one more, or with a new name for the one that had this name. */
export function named(views: readonly SavedView[], { name: given, search }: SavedView, renamed?: string): Saved {
  const name = given.trim().replace(/\s+/g, ' ');
  const others = views.filter((view) => view.name !== renamed);
  if (!name) return { refused: 'Give the view a name.' };
  if ([...name].length > MAX_NAME_CHARACTERS) return { refused: `A name has at most ${MAX_NAME_CHARACTERS} characters.` };
  if ([...BUILT_IN, ...others].some((view) => view.name.toLowerCase() === name.toLowerCase())) return { refused: `There is a view named “${name}”.` };
  if (others.length >= MAX_VIEWS) return { refused: `There are ${MAX_VIEWS} saved views, which is the most. Delete one first.` };
  return { views: others.length < views.length ? views.map((view) => (view.name === renamed ? { name, search } : view)) : [...views, { name, search }] };
}

/** Whether two addresses name the same list. How it looks is no part of that. */
export function isSameList(one: string, other: string): boolean {
  return listOf(one) === listOf(other);
}

/** The query of the same list, without how it looks, so that opening it keeps the look. */
export function listOf(search: string): string {
  return searchOfView({ ...listViewOf(search), density: undefined });
}

function isViews(value: unknown): value is readonly SavedView[] {
  return Array.isArray(value) && value.every((one) => typeof one?.name === 'string' && typeof one.search === 'string' && /^(\?|$)/.test(one.search));
}
