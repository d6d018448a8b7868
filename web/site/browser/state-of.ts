/**
 * What a page shows, as lines: its nodes with their states, through frames and shadow trees. Runs in the browser, so it
 * uses nothing from outside.
 */
export function stateOf(frame: Element): string[] {
  const lines: string[] = [];
  const paths = new Map<Element, string>();
  const is = (element: Element, selector: string) => {
    try {
      return element.matches(selector);
    } catch {
      return false;
    }
  };
  function walk(node: Node, path: string): void {
    if (node.nodeType === 3) return void (node.textContent!.trim() && lines.push(`${path} "${node.textContent!.trim()}"`));
    if (node.nodeType === 1) element(node as HTMLElement, path);
    if (node.nodeType === 9 || node.nodeType === 11) root(node as Document, path);
    let index = 0;
    const { childNodes } = node;
    for (const child of childNodes) {
      if (child.nodeType === 1 && (child as Element).matches('html > style:not([id])')) continue; // rrweb's own rules
      if (child.nodeType === 3 ? child.textContent!.trim() : child.nodeType === 1) walk(child, `${path}/${child.nodeName.toLowerCase()}${index++}`);
    }
  }
  function element(one: HTMLElement, path: string): void {
    paths.set(one, path);
    const attributes = [...one.attributes]
      .map(({ name, value }) => [name, name === 'class' ? value.replace('rrweb-paused', '').trim() : value])
      .filter(([name, value]) => !name!.startsWith('rr_') && !(name === 'class' && value === ''))
      .map(([name, value]) => `${name}=${value}`)
      .sort();
    const field = one as HTMLInputElement;
    const states = [
      'value' in field && /^(INPUT|TEXTAREA|SELECT)$/.test(one.nodeName) ? `value:${field.value}` : '',
      field.checked ? 'checked' : '',
      field.indeterminate ? 'indeterminate' : '',
      (one as unknown as HTMLOptionElement).selected ? 'selected' : '',
      one.scrollTop || one.scrollLeft ? `scroll:${Math.round(one.scrollLeft)},${Math.round(one.scrollTop)}` : '',
      ...[':popover-open', ':modal', ':open'].filter((selector) => is(one, selector)),
    ].filter(Boolean);
    lines.push(`${path} ${attributes.join(' ')} ${states.join(' ')}`);
    if (one.shadowRoot) walk(one.shadowRoot, `${path}#`);
    const inner = one.nodeName === 'IFRAME' ? (one as HTMLIFrameElement).contentDocument : null;
    if (inner) walk(inner, `${path}>`);
  }
  function root(one: Document | ShadowRoot, path: string): void {
    const sheets = [...one.styleSheets, ...(one.adoptedStyleSheets ?? [])];
    for (const sheet of sheets) {
      const { ownerNode } = sheet;
      if (ownerNode && is(ownerNode as Element, 'html > style:not([id])')) continue;
      lines.push(`${path} sheet ${sheet.disabled ? 'disabled ' : ''}${[...sheet.cssRules].map((rule) => rule.cssText).join(' ')}`);
    }
    const view = (one as Document).defaultView;
    if (view) {
      const { CSS } = view as unknown as typeof globalThis;
      lines.push(`${path} fonts ${[...(one as Document).fonts].map(({ family, weight }) => `${family} ${weight}`).sort().join()}`);
      lines.push(`${path} highlights ${[...CSS.highlights].map(([name, ranges]) => `${name}: ${[...ranges].map(String).join()}`).join('; ')}`);
    }
    if (view && (view.scrollX || view.scrollY)) lines.push(`${path} scrolled ${Math.round(view.scrollX)},${Math.round(view.scrollY)}`);
    queue.push(() => {
      const found = one.getAnimations().map((animation) => {
        const { target, pseudoElement } = animation.effect as KeyframeEffect;
        const name = (animation as CSSAnimation).animationName ?? 'script';
        return `${paths.get(target!)}${pseudoElement ?? ''} animation ${name} ${animation.playState} @${Math.round(Number(animation.currentTime))}`;
      });
      lines.push(...found.sort());
    });
  }
  const queue: (() => void)[] = [];
  const inner = frame as HTMLIFrameElement;
  walk(inner.contentDocument ?? frame.ownerDocument, '');
  for (const later of queue) later();
  return lines;
}

/** The lines in which two states differ. The times of animations may differ by so many milliseconds. */
export function difference(a: readonly string[], b: readonly string[], toleranceMs: number): string[] {
  const near = (one: string, other: string): boolean => {
    if (one === other) return true;
    const [first, second] = [one.split(' @'), other.split(' @')];
    return first[0] === second[0] && Math.abs(Number(first[1]) - Number(second[1])) <= toleranceMs;
  };
  const [left, right] = [[...a], [...b]];
  for (const line of a) {
    const index = right.findIndex((other) => near(line, other));
    if (index < 0) continue;
    right.splice(index, 1);
    left.splice(left.indexOf(line), 1);
  }
  return [...left.map((line) => `- ${line}`), ...right.map((line) => `+ ${line}`)];
}
