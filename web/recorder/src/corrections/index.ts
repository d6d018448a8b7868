import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';
import { shadowTreeOf, watchClosedTrees } from './closed-trees';
import { watchStyles } from './changed-styles';
import { watchFieldStates } from './field-states';
import { FULL_SNAPSHOT, MUTATION, type RecordedElement, changeOf } from './recorded-nodes';
import { watchVisitorStates } from './visitor-states';
import { type Root, watchLiveState } from './live-state';
import { watchMovedAcross } from './moved-across';
import { watchRegisteredProperties } from './registered-properties';
import { watchScrolledElements } from './scrolled-elements';

/** What a correction needs of the recording. */
export interface Recorded {
  /** Emit an event as rrweb would; it is sanitized like rrweb's own. */
  readonly emit: (event: eventWithTime) => void;
  /** rrweb's id of a node, or -1. */
  readonly idOf: (node: Node) => number;
  readonly nodeOf: (id: number) => Node | null;
  /** Let rrweb know a node again that it has forgotten. */
  readonly keep: (node: Node) => void;
  /** What a field holds, as rrweb would write it: masked unless it may be seen; undefined of a field that it ignores. */
  readonly valueOf: (field: HTMLInputElement) => string | undefined;
  /** A script has made a copy of a node, with what is in it. */
  readonly copied: (node: Node, copy: Node) => void;
  /** A visitor has given the page this text at this node. */
  readonly typed: (node: Node, text: string) => void;
}

export interface Watcher {
  /** Called with each of rrweb's events before it is sanitized; changes it in place. */
  readonly correct?: (event: eventWithTime) => void;
  /** Called after that with each document and shadow tree that the event brings, perhaps again. */
  readonly entered?: (root: Root) => void;
  /** Called after that with each element that the event brings; changes its node in place. */
  readonly built?: (node: RecordedElement, element: Element) => void;
  readonly stop?: () => void;
}

const CORRECTIONS: readonly ((recorded: Recorded) => Watcher)[] = [watchClosedTrees, watchStyles, watchFieldStates, watchVisitorStates, watchLiveState, watchMovedAcross, watchRegisteredProperties, watchScrolledElements];

const [DOCUMENT, ELEMENT] = [0, 2];

/** Start them all, before rrweb's first event. */
export function startCorrections(recorded: Recorded): { correct: (event: eventWithTime) => void; stop: () => void } {
  const watchers = CORRECTIONS.map((watch) => watch(recorded));

  function enter(root: Node | null): void {
    if (root) for (const { entered } of watchers) entered?.(root as Root);
  }

  /** Once for all watchers: a mutation may have thousands of nodes. */
  function visit(root: serializedNodeWithId): void {
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      const { type, isShadow } = node;
      if ('childNodes' in node) for (const child of node.childNodes) nodes.push(child);
      const live = isShadow || type === ELEMENT || type === DOCUMENT ? recorded.nodeOf(node.id) : null;
      if (!live) continue;
      if (type === DOCUMENT) enter(live);
      if (isShadow) enter(live.parentNode);
      if (type !== ELEMENT) continue;
      if (node.isShadowHost) enter(shadowTreeOf(live as Element));
      for (const { built } of watchers) built?.(node as RecordedElement, live as Element);
    }
  }

  return {
    correct(event) {
      for (const { correct } of watchers) correct?.(event);
      const change = changeOf(event);
      if (event.type === FULL_SNAPSHOT) visit(event.data.node);
      if (change?.source === MUTATION) for (const { node } of change.adds!) visit(node);
    },
    stop: () => watchers.reverse().forEach(({ stop }) => stop?.()), // two of them hook the same member, one over the other
  };
}
