"""The recorder on pages that have changed the language and the browser's methods."""

import json
from typing import Any

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import Answer
from tests.e2e.site import HTML, PATIENCE_S, SCRIPT, Site, recording_id_of
from tests.e2e.user import Event, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

# Nothing here uses what a script of the page may have changed.
PAGE = """<!doctype html><html lang="en"><head><title>World</title>
<script>
window.noise = []; window.frames_ = 0;
for (const name of ['log', 'info', 'warn', 'error', 'debug'])
  console[name] = (what) => { noise[noise.length] = name + ' ' + what; };
new MutationObserver((all) => { for (const { addedNodes } of all)
  for (const node of addedNodes) if (node.nodeName === 'IFRAME') frames_ += 1;
}).observe(document, { childList: true, subtree: true });
</script>
<script src="/first.js"></script>
<style>h1 { color: rgb(255, 0, 0) } @media all { h1 { font-size: 50px } }</style>
<script src="/page-copy.js"></script><script src="/config.js"></script>
<script src="/second.js"></script></head>
<body><h1 class="a b" title="t">Heading</h1><input id="field" type="checkbox">
<ul id="list"><li>1</li></ul>
<script>
window.recording = rrwebRecorder.startRecording({
  ...config.options,
  getToken: async () => config.token,
  onError: (error) => { noise[noise.length] = 'error ' + error + error.stack; },
});
function add(text) {
  const item = document.createElement('li');
  item.textContent = text; item.className = 'new';
  document.getElementById('list').appendChild(item);
}
</script></body></html>"""

CHANGES = {
    "every class has a toJSON": """
for (const one of [Array, String, Number, Boolean, Object, Date])
  Object.defineProperty(one.prototype, 'toJSON', { configurable: true, value: () => 'page' });""",
    "the methods of an early library": """
Array.prototype.toJSON = function () { return '[' + this.length + ']'; };
Array.from = function (all) {
  if (!all) return []; if (all.toArray) return all.toArray();
  const made = []; for (let n = 0; n < (all.length || 0); n++) made[n] = all[n]; return made;
};
Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
Array.prototype.entries = function () { return this.slice(); };
Object.keys = (of) => {
  const all = []; for (const name in of) all[all.length] = name; return all;
};
Object.values = Object.entries = () => [];
Function.prototype.bind = function () { return this; };
String.prototype.startsWith = String.prototype.includes = () => true;
window.JSON = { encode: () => 'page', stringify: () => 'page', parse: () => null };""",
    "collections of a polyfill": """
class Poor { get() {} set() { return this; } has() { return false; } }
window.Map = window.WeakMap = Poor;
Set.prototype.add = function () { return this; }; WeakSet.prototype.has = () => true;
Array.prototype.map = Array.prototype.filter = () => [];""",
    "methods of elements": """
Element.prototype.getAttribute = () => 'page'; Element.prototype.matches = () => true;
Element.prototype.closest = function () { return this; };
Element.prototype.hasAttribute = () => true;
Element.prototype.getBoundingClientRect = () => { throw new Error('page'); };""",
    "accessors of nodes": """
for (const [owner, name] of [
  [Node, 'firstChild'], [Node, 'nextSibling'], [Node, 'previousSibling'], [Node, 'parentNode'],
  [Node, 'parentElement'], [Node, 'textContent'], [Element, 'shadowRoot'],
]) Object.defineProperty(owner.prototype, name, { configurable: true, get: () => null });
Node.prototype.contains = () => false; Node.prototype.getRootNode = () => null;""",
    "classes of its own with names of the browser's": """
class Node {} class Element {} class Text {} class Document {} class ShadowRoot {} class URL {}
class Response {} class TextEncoder {} class WeakRef {} class CompressionStream {}
const CSS = {};""",
    "an observer of its own": """
window.MutationObserver = class { constructor() {} observe() {} disconnect() {} };
window.Promise = class { constructor() { throw new Error('page'); } };
window.fetch = () => { throw new Error('page'); };""",
}


def at(site: Site, first: str = "", second: str = "") -> None:
    """Serve the page, with a script of its own before the recorder's and one after it."""
    site.pages["/"] = lambda: Answer(200, HTML, PAGE.encode())
    site.pages["/first.js"] = lambda: Answer(200, SCRIPT, first.encode())
    site.pages["/second.js"] = lambda: Answer(200, SCRIPT, second.encode())


def stored_events(site: Site, tab: Tab) -> list[Event]:
    """Return the recording once it holds the item that was added."""
    recording_id = recording_id_of(tab)
    return eventually(
        lambda: site.read(recording_id).events,
        lambda events: '"added"' in json.dumps(events),
        PATIENCE_S,
    )


def recorded(site: Site, tab: Tab) -> Any:
    """Return the first document and what was added to it, whatever port the site has."""
    tab.run("void add('added')")
    events = stored_events(site, tab)
    snapshot = next(event["data"]["node"] for event in events if event["type"] == 2)
    adds = [event["data"]["adds"] for event in events if event["data"].get("adds")]
    return json.loads(json.dumps([snapshot, adds]).replace(site.url, ""))


@pytest.fixture(scope="module")
def untouched() -> list[Any]:
    """What a page is recorded as that has changed nothing; filled by the first test that asks."""
    return []


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_that_changes_the_language_is_recorded_as_any_other(
    site: Site, profile: Profile, untouched: list[Any], change: str
) -> None:
    if not untouched:
        at(site)
        tab = site.visit(profile, drawn=False)
        untouched += recorded(site, tab)
        assert tab.run("[noise, frames_]") == [[], 0]
    at(site, first=CHANGES[change])
    before = site.visit(profile, drawn=False)
    at(site, second=CHANGES[change])
    after = site.visit(profile, drawn=False)

    assert recorded(site, before) == untouched
    assert recorded(site, after) == untouched
    assert [tab.run("String(noise)") for tab in (before, after)] == ["", ""]
    assert before.run("document.querySelectorAll('iframe').length") == 0


ZONE = """
const later = window.setTimeout, listen = EventTarget.prototype.addEventListener;
const { toString } = Function.prototype, changed = new Map();
window.ticks = 0; window.timers = 0; window.listeners = 0;
const change = () => {
  ticks += 1; if (ticks < 20000) document.getElementById('field').checked = true;
};
window.setTimeout = function (work, ms, ...given) {
  timers += 1; return later(() => { work(...given); change(); }, ms);
};
EventTarget.prototype.addEventListener = function (type, work, how) {
  listeners += 1;
  return listen.call(this, type, (event) => { work.call(this, event); change(); }, how);
};
changed.set(setTimeout, later).set(EventTarget.prototype.addEventListener, listen);
Function.prototype.toString = function () { return toString.call(changed.get(this) ?? this); };"""


def test_a_page_whose_expressions_replace_nothing_is_not_recorded(
    site: Site, profile: Profile
) -> None:
    at(site, first="RegExp.prototype[Symbol.replace] = (text) => text;")
    tab = site.visit(profile, drawn=False)
    tab.run("void add('added')")
    tab.run("recording.flush()")

    assert tab.run("[recording.recordingId, String(noise)]") == ["", ""]


NAMED = "getAnimations adoptedStyleSheets"


def test_elements_with_names_of_the_documents_members_cause_no_exception(
    site: Site, profile: Profile
) -> None:
    at(site)
    page = PAGE.replace("<ul", "".join(f"<img name={name}>" for name in NAMED.split()) + "<ul")
    site.pages["/"] = lambda: Answer(200, HTML, page.encode())
    tab = site.visit(profile, drawn=False)
    tab.run(
        """(async () => {
      window.onerror = (what) => { noise[noise.length] = what; };
      const drawn = () => new Promise((f) => requestAnimationFrame(() => setTimeout(f)));
      for (let n = 0; n < 3; n++) await drawn();
    })()"""
    )
    recorded(site, tab)

    assert [one for one in tab.run("noise") if not one.startswith("error ")] == []


def test_timers_and_listeners_of_the_recorder_pass_no_zone(site: Site, profile: Profile) -> None:
    at(site, first=ZONE)
    tab = site.visit(profile, drawn=False)
    tab.run("setTimeout(() => undefined, 0)")
    tab.do("click", "h1")
    recorded(site, tab)

    assert tab.run("[ticks, timers, listeners]") == [1, 1, 0]


HOOK = """(window.hook = (owner, name) => {
  const { value } = Object.getOwnPropertyDescriptor(owner, name);
  const mine = function (...given) { return value.apply(this, given); };
  Object.defineProperty(owner, name, { configurable: true, writable: true, value: mine });
  return () => owner[name] === mine;
}, window.hookValue = (owner, name) => {
  const { get, set } = Object.getOwnPropertyDescriptor(owner, name);
  const mine = function (value) { set.call(this, value); };
  Object.defineProperty(owner, name, { configurable: true, get, set: mine });
  return () => Object.getOwnPropertyDescriptor(owner, name).set === mine;
}, window.hooks = [
  hook(CSSStyleSheet.prototype, 'insertRule'), hook(CSSStyleSheet.prototype, 'addRule'),
  hook(CSSGroupingRule.prototype, 'deleteRule'), hook(CSSStyleDeclaration.prototype, 'setProperty'),
  hook(Element.prototype, 'attachShadow'), hook(customElements, 'define'),
  hookValue(HTMLInputElement.prototype, 'value'), hookValue(HTMLSelectElement.prototype, 'value'),
], void 0)"""
KEPT = "hooks.map((isKept) => isKept())"
WRITTEN = "String(CSSStyleSheet.prototype.deleteRule)"


def test_what_the_page_hooks_after_the_start_stays_there(site: Site, profile: Profile) -> None:
    at(site)
    tab = site.visit(profile, drawn=False)
    tab.run("recording.flush()")
    tab.run("window.deleteRule_ = CSSStyleSheet.prototype.deleteRule, void 0")
    tab.run(HOOK)
    tab.run("recording.pause()")
    assert tab.run(KEPT) == [True] * 8

    tab.run("recording.resume()")
    tab.run("recording.stop()")
    assert tab.run(KEPT) == [True] * 8
    assert tab.run("CSSStyleSheet.prototype.deleteRule !== deleteRule_")
    assert tab.run(WRITTEN) == "function deleteRule() { [native code] }"


def test_a_hook_of_the_page_over_an_earlier_run_tells_nothing_twice(
    site: Site, profile: Profile
) -> None:
    at(site)
    tab = site.visit(profile, drawn=False)
    tab.run("recording.flush()")
    tab.run(HOOK)
    tab.run("recording.pause(), recording.resume()")
    tab.run("void document.querySelector('style').sheet.insertRule('ul { color: green }', 0)")
    recorded(site, tab)

    rules = [
        event["data"]
        for event in site.read(recording_id_of(tab)).events
        if event["data"].get("source") == 8
    ]
    assert [rule["adds"] for rule in rules] == [[{"rule": "ul { color: green }", "index": 0}]]
