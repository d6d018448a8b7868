/**
 * Write secrets into closed elements and move nodes in and out of them, at random.
 *
 * Each secret is written into an element, a frame or a shadow tree while that lies in a closed element. What a recorder cannot
 * know is left out: shadow trees that are attached within blocked elements, and frames that are still loading.
 *
 * @param seed of the random numbers
 * @returns what was done, in order; the number of a secret is that of its line
 */
(async (seed, steps) => {
  let state = seed;
  const random = (below) => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16) % below;
  const pick = (list) => list[random(list.length)];
  const tick = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const done = [];
  const secret = () => `Secret-${done.length}-x`;
  const closed = [...document.querySelectorAll('.closed')];
  const open = [...document.querySelectorAll('.open')];

  function elementsIn(node, found = []) {
    if (node.nodeType === 1) found.push(node);
    const document = node.localName === 'iframe' ? node.contentDocument : undefined;
    for (const child of [...node.childNodes, ...(node.shadowRoot?.childNodes ?? [])]) if (child.nodeType === 1) elementsIn(child, found);
    if (document?.body) elementsIn(document.body, found);
    return found;
  }
  function isBlocked(node) {
    for (let at = node; at; at = at.parentNode ?? at.host ?? at.defaultView?.frameElement) {
      if (at.nodeType === 1 && (at.isContentEditable || at.matches('.private, .rr-block'))) return true;
    }
    return false;
  }
  const places = (roots) => elementsIn(pick(roots)).filter(({ nodeName }) => !/^(?:IFRAME|STYLE|INPUT)$/.test(nodeName));
  const movable = (roots) => places(roots).filter((one) => one.nodeName !== 'BODY' && !one.matches('.closed, .open'));
  const textOf = (element) => [...element.childNodes].find(({ nodeType }) => nodeType === 3);
  function move(node, to) {
    if (node && !node.contains(to)) to.append(node);
  }

  /** Resolves once a recorder has seen the new document, or if the frame is gone. */
  async function loaded(frame) {
    await Promise.race([new Promise((resolve) => frame.addEventListener('load', resolve)), tick(500)]);
    await tick(10);
  }

  const ways = {
    write: () => pick(places(closed)).append(secret()),
    name: () => (pick(places(closed)).title = secret()),
    change() {
      const text = textOf(pick(places(closed)));
      if (text) text.data = secret();
    },
    insert: () => pick(places(closed)).insertAdjacentHTML('beforeend', `<i title=${secret()}>${secret()}</i><p>x</p><input value=${secret()}>`),
    empty: () => random(4) || pick(closed).replaceChildren(secret()),
    root() {
      const host = pick(places(closed));
      if (/^(?:P|DIV|SPAN)$/.test(host.nodeName) && !host.shadowRoot && !isBlocked(host)) {
        host.attachShadow({ mode: 'open' }).innerHTML = `<b>${secret()}</b><slot></slot>`;
      }
    },
    async frame() {
      const place = pick(places(closed));
      const frame = place.ownerDocument.createElement('iframe');
      if (random(2)) frame.srcdoc = `<p>${secret()}</p>`;
      const isLoaded = loaded(frame);
      place.append(frame);
      await isLoaded;
      if (!frame.srcdoc && frame.contentDocument?.body) frame.contentDocument.body.innerHTML = `<p>${secret()}</p>`;
    },
    async rewrite() {
      const frame = pick(closed).querySelector('iframe');
      const page = frame?.contentDocument;
      if (!page) return;
      page.open();
      page.write(`<body><p>${secret()}</p>`);
      const isLoaded = loaded(frame);
      page.close();
      await isLoaded;
    },
    out: () => move(pick(movable(closed)), pick(open)),
    textOut: () => move(textOf(pick(places(closed))), pick(open)),
    in: () => move(pick(movable(open)), pick(closed)),
    on: () => move(pick(movable(open)), pick(open)),
    later() {
      const node = pick(movable(closed));
      node?.remove();
      setTimeout(() => move(node, pick(open)), random(30));
    },
    again() {
      if (random(6)) return;
      recording.pause();
      recording.resume();
    },
  };
  for (let step = 0; step < steps; step += 1) {
    const way = pick(Object.keys(ways));
    done.push(way);
    await ways[way]();
    await tick(random(2) && 15);
  }
  open[0].append('Shown-at-last');
  await tick(50);
  return done;
})
