/** Text of a function for the browser: a document's time, and the opacity of each `p` in it, through frames and shadow trees. */
export const shownParts = `(page) => {
  const parts = {};
  const walk = (root, path) => {
    for (const one of root.querySelectorAll('p')) {
      const view = one.ownerDocument.defaultView;
      parts[path + one.id] = Number(view.getComputedStyle(one).opacity);
      if (one.className.includes('before')) parts[path + one.id + '::before'] = Number(view.getComputedStyle(one, '::before').opacity);
    }
    for (const one of root.querySelectorAll('*')) {
      if (one.shadowRoot) walk(one.shadowRoot, path + 'shadow ');
      if (one.localName === 'iframe' && one.contentDocument) walk(one.contentDocument, path + 'frame ');
    }
  };
  walk(page, '');
  return [Date.now(), parts];
}`;
