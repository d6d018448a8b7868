// An expression: text and box of each element with an id or that is blocked, in frames and shadow roots too; typed and masked texts as they are recorded.
(page) => {
  const found = {};
  const textOf = (element) => {
    if (element.matches('input')) return '*'.repeat(element.value.length);
    if (element.matches('.rr-block')) return '';
    const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
    const text = texts.map(({ nodeValue }) => nodeValue.trim()).join('');
    return element.matches('.rr-mask') ? text.replace(/\S/g, '*') : text;
  };
  const see = (tree, before) => {
    for (const element of tree.querySelectorAll('[id], .rr-block')) {
      const { x, y, width, height } = element.getBoundingClientRect();
      const name = before + (element.id || element.className);
      found[name] = { text: textOf(element), box: [x, y, width, height].map(Math.round) };
      if (element.shadowRoot) see(element.shadowRoot, `${name} > `);
      if (element.localName === 'iframe') see(element.contentDocument, `${name} > `);
    }
  };
  see(page, '');
  return found;
}
