/** Pages of ours whose state changes in many ways, and what is done to them. */
export interface MovingPage {
  readonly html: string;
  /** Run in the page, one after the other, with a short time between them. */
  readonly steps: readonly string[];
}

export const PAGES: Readonly<Record<string, MovingPage>> = {
  'a list that changes': {
    html: `<!doctype html><html lang="en"><head><title>t</title><style>.done{color:gray}</style></head><body>
      <ul id="list"><li>one</li><li>two</li></ul><div id="box" style="height:60px;overflow:auto"><p style="height:900px">tall</p></div>
      <form><input id="name"><input type="checkbox" id="gift"><select id="by"><option>Rail<option>Boat</select><textarea id="note"></textarea></form>
      <details name="d" id="d1"><summary>A</summary>a</details><details name="d" id="d2"><summary>B</summary>b</details><p style="height:2000px">long</p></body></html>`,
    steps: [
      `list.insertAdjacentHTML('beforeend','<li>three</li>')`,
      `d1.open = true; list.firstChild.remove(); list.prepend(list.lastElementChild)`,
      `document.getElementById('name').value='ab'; gift.click()`,
      `box.scrollTop = 200; scrollTo(0, 300)`,
      `d2.open = true; by.selectedIndex = 1; by.dispatchEvent(new Event('change',{bubbles:true}))`,
      `list.innerHTML = '<li class="done">x</li><li><b>y</b></li>'; note.value='hello'`,
      `list.lastElementChild.replaceWith('text', document.createElement('hr')); scrollTo(0, 0)`,
    ],
  },
  'frames and shadow trees': {
    html: `<!doctype html><html lang="en"><head><title>t</title></head><body><div id="host"></div><iframe id="f" srcdoc="<p id=p>in the frame</p><dialog id=d>dialog in the frame</dialog>"></iframe></body></html>`,
    steps: [
      `host.attachShadow({mode:'open'}).innerHTML='<style>b{color:red}@keyframes k{to{opacity:0}}b.on{animation:k 5s}</style><b>shadow</b><div popover id=p>popover in a shadow</div>'`,
      `f.contentDocument.getElementById('p').textContent='changed'; host.shadowRoot.querySelector('b').className='on'`,
      `host.shadowRoot.querySelector('[popover]').showPopover()`,
      `f.contentDocument.getElementById('d').showModal()`,
      `host.shadowRoot.querySelector('[popover]').hidePopover(); f.contentDocument.body.append('more')`,
      `f.contentDocument.getElementById('d').close(); document.body.append(host)`,
      `f.contentDocument.getElementById('p').animate({opacity:[0,1]},4000)`,
    ],
  },
  'fonts and highlights': {
    html: `<!doctype html><html lang="en"><head><title>t</title><style>::highlight(found){color:red}</style></head><body><p id="a">one two</p><p id="b" style="font-family:Late">three</p></body></html>`,
    steps: [
      `range = document.createRange(); range.selectNodeContents(a); CSS.highlights.set('found', new Highlight(range))`,
      `document.fonts.add(new FontFace('Late', 'local("Late")'))`,
      `range.setStart(a.firstChild, 4); b.append('more'); document.fonts.add(new FontFace('Late', 'local("Later")', { weight: '700' }))`,
      `CSS.highlights.clear(); a.textContent = 'none'`,
      `other = document.createRange(); other.selectNodeContents(b); CSS.highlights.set('other', new Highlight(other))`,
    ],
  },
  'styles by script': {
    html: `<!doctype html><html lang="en"><head><title>t</title><style id="s">p{color:red}</style></head><body><p class="a">one</p><p class="b">two</p><div id="host"></div></body></html>`,
    steps: [
      `s.sheet.insertRule('.a{color:green}', 1)`,
      `sheet = new CSSStyleSheet(); sheet.replaceSync('.b{color:blue}'); document.adoptedStyleSheets=[sheet]`,
      `sheet.insertRule('.b{margin:4px}', 0)`,
      `s.sheet.deleteRule(1); document.querySelector('.a').style.cssText='padding:3px;color:teal'`,
      `host.attachShadow({mode:'open'}).innerHTML='<p class=b>inner</p>'; host.shadowRoot.adoptedStyleSheets=[sheet]`,
      `document.adoptedStyleSheets=[]; document.querySelector('.a').style.padding=''`,
      `s.textContent='p{color:navy}'; document.head.append(Object.assign(document.createElement('style'),{textContent:'.b{font-weight:bold}'}))`,
    ],
  },
  'animations and transitions': {
    html: `<!doctype html><html lang="en"><head><title>t</title><style>@keyframes in{from{opacity:0}to{opacity:1}}@keyframes spin{to{transform:rotate(1turn)}}
      .card{animation:in 5s ease both}.spin{animation:spin 700ms linear infinite alternate}.late{animation:in 900ms 600ms both}.held{animation:in 8s paused;animation-delay:-2s}
      .fade{opacity:0;transition:opacity 6s linear}.fade.on{opacity:1}.brief{transition:margin 150ms}.brief.on{margin:9px}
      .new{transition:opacity 6s;opacity:1}@starting-style{.new{opacity:0}} .dot::before{content:'x';animation:spin 3s infinite}</style></head>
      <body><div class="card">card</div><div id="spin" class="spin">spin</div><div id="t" class="fade">transition</div><div id="b" class="brief">brief</div><div id="w">script</div></body></html>`,
    steps: [
      `document.body.insertAdjacentHTML('beforeend','<div class="late">late</div><div class="dot">dot</div>')`,
      `t.className='fade on'; b.className='brief on'`,
      `a = w.animate([{opacity:0,transform:'none'},{opacity:1,transform:'translateX(90px)'}],{duration:500,fill:'forwards'})`,
      `document.body.insertAdjacentHTML('beforeend','<div class="held">held</div><div class="new">new</div>'); k = spin.animate({color:['red','blue']},{duration:3000,iterations:Infinity})`,
      `k.pause(); spin.className=''; a.reverse()`,
      `k.playbackRate=-.5; k.play(); t.className='fade'`,
      `k.cancel(); a.cancel(); document.querySelector('.card').style.animationPlayState='paused'`,
    ],
  },
  'popovers and dialogs': {
    html: `<!doctype html><html lang="en"><head><title>t</title></head><body><button popovertarget="p" id="b">open</button>
      <div id="p" popover>popover <button id="in" popovertarget="q">inner</button></div><div id="q" popover>nested by its button</div><div id="m" popover="manual">manual</div><dialog id="d">dialog<form method="dialog"><button id="ok">ok</button></form></dialog><dialog id="e">other</dialog><div id="full">full</div></body></html>`,
    steps: [
      `b.click()`,
      `document.getElementById('in').click()`,
      `d.showModal(); m.showPopover()`,
      `ok.click(); e.show()`,
      `d.showModal(); e.close(); m.hidePopover()`,
      `kept = d; d.remove()`,
      `document.body.append(kept); b.click()`,
    ],
  },
};
