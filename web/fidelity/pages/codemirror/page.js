import { EditorView, basicSetup } from 'codemirror';
import { javascript } from '@codemirror/lang-javascript';

const lines = Array.from({ length: 300 }, (_, n) => `function bearing${n}(x, y) {\n  // from buoy ${n}\n  return Math.atan2(y, x) * ${n} + "deg";\n}`);
new EditorView({
  parent: document.querySelector('#editor'),
  doc: lines.join('\n'),
  extensions: [basicSetup, javascript(), EditorView.updateListener.of(({ state }) => (document.querySelector('#said').textContent = `${state.doc.lines} lines`))],
});
