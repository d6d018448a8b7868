type Engine = 'chromium' | 'firefox' | 'webkit';

const BUTTON = 'button, input:is([type=button], [type=submit], [type=reset])';
const FIELD = 'input:not([type]), input:is([type=text], [type=search], [type=number], [type=password], [type=email], [type=tel], [type=url])';

/**
 * What the style sheets of each engine say of form controls where the others say something else, as far as it is the same
 * on every system. Nothing of borders: a control with a border of the page's is no longer drawn as the browser's own.
 * https://source.chromium.org/chromium/chromium/src/+/main:third_party/blink/renderer/core/html/resources/html.css
 * https://searchfox.org/mozilla-central/source/layout/style/res/forms.css
 */
const RULES: Readonly<Record<Engine, Readonly<Record<string, string>>>> = {
  chromium: {
    [BUTTON]: 'padding: 1px 6px; font: 13.3333px Arial',
    [FIELD]: 'padding: 1px 2px; font: 13.3333px Arial',
    select: 'padding: 0; font: 13.3333px Arial',
    textarea: 'font: 13.3333px monospace; vertical-align: baseline',
    'input[type=checkbox], input[type=radio]': 'width: 13px; height: 13px',
    'input[type=checkbox]': 'margin: 3px 3px 3px 4px',
    'input[type=radio]': 'margin: 3px 3px 0 5px',
    'input[type=range]': 'width: 129px; height: 16px',
    'input[type=color]': 'padding: 1px 2px; width: 50px; height: 27px',
    progress: 'box-sizing: border-box; width: 10em; height: 1em',
  },
  firefox: {
    [BUTTON]: 'padding: 1px 4px; font: 13.3333px sans-serif',
    [FIELD]: 'padding: 1px 2px; font: 13.3333px sans-serif',
    select: 'padding: 1px 4px; font: 13.3333px sans-serif',
    textarea: 'font: 12px monospace; vertical-align: text-bottom',
    'input[type=checkbox], input[type=radio]': 'width: 14px; height: 14px',
    'input[type=checkbox]': 'margin: 3px 3px 3px 4px',
    'input[type=radio]': 'margin: 3px 3px 0 5px',
    'input[type=range]': 'width: 160px; height: 20px',
    'input[type=color]': 'padding: 4px; width: 64px; height: 32px',
    progress: 'box-sizing: border-box; width: calc(10em + 2px); height: calc(1em + 2px)',
  },
  webkit: {
    'input[type=checkbox], input[type=radio]': 'margin: 3px 2px',
    'input[type=range]': 'width: 129px',
  },
};

/**
 * Rules that make form controls as large as in the visitor's browser, if that is of another engine than the watcher's.
 * `:where` has no specificity, so any rule of the page wins.
 */
export function controlRules(visitorsUserAgent: string, watchersUserAgent: string): string[] {
  const engine = engineOf(visitorsUserAgent);
  if (!engine || engine === engineOf(watchersUserAgent)) return [];
  return Object.entries(RULES[engine]).map(([selector, style]) => `:where(${selector}) { ${style} }`);
}

/** All browsers on iOS have WebKit, whatever their name. */
function engineOf(userAgent: string): Engine | undefined {
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'chromium';
  return /AppleWebKit\//.test(userAgent) ? 'webkit' : undefined;
}
