import { createHooks, createListening, createSoon } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { INPUT, type RecordedElement, changeOf, eventOf } from './recorded-nodes';

type Field = HTMLInputElement & HTMLSelectElement;
type InputChange = { source: number; id: number; text: string; isChecked: boolean; selected?: number[]; indeterminate?: boolean };

const SWITCH = /^(?:radio|checkbox)$/;
const wasOn = ({ checked, defaultChecked }: Field): boolean => !checked && defaultChecked;
/** What a script may do to a field without rrweb's noticing: a method, or a property that is set. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  HTMLOptionElement: ['selected'],
  HTMLInputElement: ['indeterminate', 'valueAsNumber', 'valueAsDate', 'stepUp', 'stepDown', 'setRangeText'],
  HTMLTextAreaElement: ['setRangeText'],
};

/**
 * Record what a field shows and no attribute says, as events of rrweb for typed and chosen values, with two members more:
 * `selected`, the numbers of the options that are chosen, and `indeterminate`.
 *
 * rrweb 2.1.6 records the first of several chosen options alone, none in an `optgroup`, nothing of `indeterminate`, of
 * `valueAsNumber` and the like, and of a form that is reset. It takes a switch that was on at first for one that is on, and
 * switches off the buttons of other forms. The nearest issue is https://github.com/rrweb-io/rrweb/issues/1303. Right would
 * be to record these states with each field.
 *
 * web/site/browser/field-states.test.ts says when this can go.
 */
export function watchFieldStates({ emit, idOf, nodeOf, valueOf, typed }: Recorded): Watcher {
  const { hookAll, enter, stop } = createHooks((classes) => hookAll(classes, MEMBERS, (one: Element) => touch(one.closest('select') ?? one)));
  const listening = createListening();
  const touched = new Set<Field>();
  /** Switches that are recorded as indeterminate. */
  const undecided = new WeakSet<Field>();
  /** Built just now. A button that was on at first, and is off, turns off the one of its group that is on. */
  const on = new Set<Field>();

  const soon = createSoon(() => {
    if (!listening.isStopped()) for (const field of [...touched].some(wasOn) ? [...touched, ...on] : touched) tell(field);
    touched.clear();
    on.clear();
  });

  function touch(field: Element | null): void {
    if (field) touched.add(field as Field);
    soon();
  }

  function tell(field: Field): void {
    const id = idOf(field);
    const text = id > 0 ? valueOf(field) : undefined;
    if (text === undefined) return;
    const change = { source: INPUT, id, text, isChecked: SWITCH.test(field.type) && field.checked };
    complete(change, field);
    emit(eventOf(change));
  }

  function complete(change: InputChange, field: Field): void {
    if (field.nodeName === 'SELECT') change.selected = [...field.options].flatMap(({ selected }, n) => (selected ? [n] : []));
    if (!SWITCH.test(field.type)) return;
    change.isChecked = field.checked;
    if (!field.indeterminate && !undecided.has(field)) return;
    change.indeterminate = field.indeterminate;
    undecided[field.indeterminate ? 'add' : 'delete'](field);
  }

  function onReset(event: Event): void {
    const { elements } = event.target as HTMLFormElement; // later it would be the host of a shadow tree
    // After the listeners of the page, which may refuse it, and after the browser's own doing.
    setTimeout(() => {
      if (!event.defaultPrevented && !listening.isStopped()) for (const field of elements) if ('value' in field) touch(field);
    }, 0);
  }

  function onTyped(event: Event): void {
    const [field] = event.composedPath() as [Element];
    if (field.matches('input, select, textarea')) touch(field);
  }

  /** A script may take the text before any field holds it. */
  const onPaste = ({ target, clipboardData }: ClipboardEvent): void => typed(target as Node, clipboardData?.getData('text') ?? '');

  function listenIn(root: EventTarget): void {
    listening.listen(root, 'paste', onPaste as (event: Event) => void);
    listening.listen(root, 'reset', onReset);
    // Outside of a closed tree an event has its host for a target.
    if ((root as ShadowRoot).mode === 'closed') for (const type of ['input', 'change']) listening.listen(root, type, onTyped);
  }

  function built({ tagName }: RecordedElement, live: Element): void {
    const element = live as Field;
    if (tagName === 'input' && SWITCH.test(element.type)) {
      if (element.checked) on.add(element);
      if (element.indeterminate || wasOn(element)) touch(element);
      else soon();
    }
    // Of an option that is not chosen a browser chooses the first.
    if (tagName === 'select' && element.selectedIndex < 0 && element.options.length > 0) touch(element);
  }

  enter(document);
  return {
    correct(event) {
      const change = changeOf(event) as InputChange | undefined;
      const field = change?.source === INPUT && (nodeOf(change.id) as Field | null);
      if (field) complete(change, field);
    },
    entered(root) {
      enter(root);
      listenIn(root);
    },
    built,
    stop() {
      listening.stop();
      stop();
    },
  };
}
