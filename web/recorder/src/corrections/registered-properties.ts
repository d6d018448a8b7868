import { createHooks } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { customEvent } from './recorded-nodes';

/** A custom event of rrweb's with this tag has the custom properties that a script has registered; docs/recorder.md has its payload. */
export const PROPERTIES_TAG = 'rrweb-store:properties';

/**
 * Record the custom properties that scripts register by `CSS.registerProperty`, as the rules for `@property` that say the same.
 *
 * rrweb 2.1.6 records none; no issue names it yet. Right would be to record them with their document.
 *
 * web/site/browser/registered-properties.test.ts says when this can go.
 */
export function watchRegisteredProperties({ emit, idOf }: Recorded): Watcher {
  const registered = new WeakMap<Node, string[]>();
  const tell = (page: Node, rules: readonly string[]): void => emit(customEvent(PROPERTIES_TAG, { id: idOf(page), rules }));

  const { hook, enter, stop } = createHooks((classes) => {
    const { document: page, CSS } = classes as unknown as typeof globalThis;
    const rules: string[] = [];
    registered.set(page, rules);
    hook({ prototype: CSS }, 'registerProperty', {
      call: (_, [definition]) => () => {
        const { name, syntax = '*', inherits, initialValue } = definition as PropertyDefinition;
        rules.push(`@property ${name}{syntax:"${syntax}";inherits:${inherits}${initialValue === undefined ? '' : `;initial-value:${initialValue}`}}`);
        tell(page, rules.slice(-1));
      },
    });
  });

  enter(document);
  return {
    entered(root) {
      enter(root);
      const rules = registered.get(root);
      if (rules?.length) queueMicrotask(() => tell(root, rules)); // after the event that brings the document
    },
    stop,
  };
}
