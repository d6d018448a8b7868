"""The recorder as a guest: it hides what is typed, leaves nothing behind, and obeys the page."""

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer
from tests.e2e.site import HTML, PAGE, PATIENCE_S, SECRET, Site, recording_id_of, stored, with_body
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


def test_text_and_elements_can_be_hidden(site: Site, profile: Profile) -> None:
    site.options |= {"maskTextSelector": ".mine", "blockSelector": ".no"}
    site.pages["/"] = lambda: with_body(f'<p class="mine">{SECRET}</p><p class="no">{SECRET}</p>')
    tab = site.visit(profile)
    tab.run("recording.flush()")

    assert [body for body in stored(site) if SECRET.encode() in body] == []


def test_classes_can_be_named_by_an_expression(site: Site, profile: Profile) -> None:
    classes = "...config.options, blockClass: /^no-/, maskTextClass: /^mine-/,"
    body = f'<p class="a mine-1">{SECRET}</p><div class="a no-2"><p id="in">{SECRET}</p></div>'
    page = with_body(body).body.replace(b"...config.options,", classes.encode())
    site.pages["/"] = lambda: Answer(200, HTML, page)
    tab = site.visit(profile)
    tab.run(f"document.getElementById('in').append('{SECRET}'), void 0")
    tab.run("void document.body.insertAdjacentHTML('beforeend', '<i class=no-3>later</i>')")
    tab.run("recording.flush()")
    bodies = b"".join(stored(site))

    assert SECRET.encode() not in bodies
    assert b"later" not in bodies
    assert bodies.count(b'"rr_width"') == 2  # of both blocked elements


def test_nothing_is_recorded_before_consent(site: Site, profile: Profile) -> None:
    page = PAGE.replace(
        "...config.options,",
        "...config.options, consent: new Promise((yes) => (agree = yes)),",
    )
    site.pages["/"] = lambda: Answer(200, HTML, page.encode())
    tab = site.visit(profile)
    tab.run("count(); recording.flush()")
    assert (site.emitted(profile, recording_id_of(tab)), site.proxy.asked) == ([], [])

    tab.run("agree()")
    eventually(lambda: site.emitted(profile, recording_id_of(tab)), bool, PATIENCE_S)
    tab.run("recording.flush()")
    assert site.read_all(profile, recording_id_of(tab)).events


def test_a_recording_that_is_paused_before_consent_stores_nothing_until_it_is_resumed(
    site: Site, profile: Profile
) -> None:
    page = PAGE.replace(
        "...config.options,",
        "...config.options, consent: new Promise((yes) => (agree = yes)),"
        " screenshot: async () => void told('picture', 0),",
    )
    site.pages["/"] = lambda: Answer(200, HTML, page.encode())
    tab = site.visit(profile)
    tab.run("recording.pause(); agree(); count(); recording.flush()")
    assert (site.proxy.asked, [text for text in profile.seen() if "picture" in text]) == ([], [])

    tab.run("recording.resume(); recording.flush()")
    assert site.read_all(profile, recording_id_of(tab)).events


@pytest.mark.parametrize(
    "calls",
    [
        "recording.stop().then(recording.resume)",
        "recording.stop(), recording.resume()",
        "recording.pause(), recording.stop().then(recording.resume)",
    ],
)
def test_a_recording_that_was_stopped_does_not_go_on(
    site: Site, profile: Profile, calls: str
) -> None:
    tab = site.visit(profile)
    tab.run("count(); recording.flush()")
    tab.run(f"Promise.resolve(({calls})).then(() => recording.flush())")
    events = len(site.emitted(profile, recording_id_of(tab)))
    tab.run("count(5); recording.flush()")

    assert len(site.emitted(profile, recording_id_of(tab))) == events


def test_a_page_that_is_left_out_is_not_recorded_until_it_is_left(
    site: Site, profile: Profile
) -> None:
    page = PAGE.replace("...config.options,", "...config.options, leaveOut: [/private/],")
    site.pages["/"] = lambda: Answer(200, HTML, page.encode())
    tab = site.visit(profile)
    tab.run("history.pushState(0, '', '/private'); count(2); recording.flush()")
    before = len(site.emitted(profile, recording_id_of(tab)))
    tab.run(f"document.body.append('{SECRET}'); history.pushState(0, '', '/private/2')")
    tab.run("document.body.lastChild.remove(); recording.flush()")
    assert len(site.emitted(profile, recording_id_of(tab))) == before

    tab.run("history.pushState(0, '', '/public'); recording.flush()")
    events = site.read_all(profile, recording_id_of(tab)).events
    assert [event["type"] for event in events].count(2) == 2
    assert [body for body in stored(site) if SECRET.encode() in body] == []


def test_a_share_of_nought_records_nothing(site: Site, profile: Profile) -> None:
    site.options["sampleShare"] = 0
    tab = site.visit(profile)
    tab.run("count(); recording.flush()")
    tab.run("recording.stop()")

    assert site.proxy.asked == []


COUNTED = """
window.left = new Map();  // what was begun and has not ended, each with a word for it
const ids = new WeakMap(); let next = 0;
const id = (o) => (ids.has(o) || ids.set(o, ++next), ids.get(o));
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
const key = (self, type, what) => type + id(self ?? window) + ' ' + id(what);
EventTarget.prototype.addEventListener = function (type, what, how) {
  if (what) left.set(key(this, type, what), type + ' of ' + (this ?? window).constructor.name);
  return add.call(this, type, what, how);
};
EventTarget.prototype.removeEventListener = function (type, what, how) {
  if (what) left.delete(key(this, type, what));
  return remove.call(this, type, what, how);
};
const { setTimeout: later, clearTimeout: never, setInterval: each, clearInterval: no } = window;
window.setTimeout = (work, ms) => {
  const timer = later(() => (left.delete('timer' + timer), work()), ms);
  left.set('timer' + timer, 'a timer'); return timer;
};
window.setInterval = (work, ms) => {
  const timer = each(work, ms); left.set('timer' + timer, 'a timer'); return timer;
};
window.clearTimeout = (timer) => (left.delete('timer' + timer), never(timer));
window.clearInterval = (timer) => (left.delete('timer' + timer), no(timer));
for (const name of ['MutationObserver', 'IntersectionObserver', 'ResizeObserver',
  'PerformanceObserver']) {
  const { observe, disconnect } = window[name].prototype;
  window[name].prototype.observe = function (...how) {
    left.set(name + id(this), name); return observe.apply(this, how);
  };
  window[name].prototype.disconnect = function () {
    left.delete(name + id(this)); return disconnect.call(this);
  };
}
const OF = [[window, 'window'], [console, 'console'], [history, 'history'], ...['EventTarget',
  'Node', 'Element', 'Document', 'HTMLElement', 'HTMLInputElement', 'HTMLTextAreaElement',
  'HTMLSelectElement', 'HTMLOptionElement', 'HTMLMediaElement', 'HTMLCanvasElement',
  'CSSStyleSheet', 'CSSStyleDeclaration', 'CSSMediaRule', 'ShadowRoot', 'FontFace',
  'XMLHttpRequest', 'History', 'Storage', 'Navigator',
].map((name) => [window[name].prototype, name])];
const NOT_OURS = new Set(['window count', 'window told', 'window token', 'window recording',
  'window config', 'window rrwebRecorder', 'window left', 'window globals', 'window before',
  'window noise']);
window.globals = () => OF.flatMap(([owner, name]) =>
  Object.entries(Object.getOwnPropertyDescriptors(owner))
    .map(([key, { value, get, set }]) => [name + ' ' + key,
      [value, get, set].map((one) => typeof one === 'function' ? id(one) : 0).join()])
    .filter(([key]) => !NOT_OURS.has(key))
).map((one) => one.join(' ')).join('\\n');
window.noise = []; for (const name of ['log', 'info', 'warn', 'error', 'debug'])
  console[name] = (...words) => noise.push([name, ...words].join(' '));"""


def test_it_stops_cleanly_and_says_nothing(site: Site, profile: Profile) -> None:
    tab = site.visit(profile, before=f"{COUNTED} window.before = globals();")
    tab.run("count(5); recording.flush()")
    assert tab.run("left.size") > 10
    tab.run("recording.stop()")
    events = len(site.emitted(profile, recording_id_of(tab)))
    # An event would be emitted at once; the recorder's timers are counted below.
    tab.run("count(5); new Promise((soon) => setTimeout(soon, 300))")

    assert len(site.emitted(profile, recording_id_of(tab))) == events
    assert tab.run("noise") == []
    # What was recorded may still be on its way.
    eventually(lambda: tab.run("[...left.values()]"), lambda left: left == [], PATIENCE_S)
    changed = "globals().split('\\n').filter((one) => !before.split('\\n').includes(one))"
    assert tab.run(changed) == []


def test_it_works_under_a_strict_policy(site: Site, profile: Profile) -> None:
    policy = f"default-src 'none'; script-src 'self'; connect-src {site.proxy.url}"
    start = PAGE.rpartition("<script>")[2].removesuffix("</script>").encode()
    page = PAGE.rpartition("<script>")[0] + '<script src="/start.js"></script>'
    site.pages["/"] = lambda: Answer(
        200, {**HTML, "Content-Security-Policy": policy}, page.encode()
    )
    site.pages["/start.js"] = lambda: Answer(200, {"Content-Type": "text/javascript"}, start)
    violated = (
        "window.violated = []; addEventListener('securitypolicyviolation',"
        "(event) => violated.push(event.violatedDirective))"
    )
    tab = site.visit(profile, before=violated)
    tab.run("count(3)")
    tab.run("recording.flush()")

    recording_id = recording_id_of(tab)
    assert site.read_all(profile, recording_id).events == site.emitted(profile, recording_id)
    assert tab.run("violated") == []


def test_a_picture_that_the_page_draws_is_stored_and_listed(site: Site, profile: Profile) -> None:
    draw = (
        "...config.options, screenshot: () => new Promise((done) => {"
        "const canvas = Object.assign(document.createElement('canvas'), {width: 4, height: 4});"
        "canvas.getContext('2d').fillRect(0, 0, 4, 4); canvas.toBlob(done, 'image/webp'); }),"
    )
    page = PAGE.replace("...config.options,", draw)
    site.options.pop("screenshot")
    site.pages["/"] = lambda: Answer(200, HTML, page.encode())
    tab = site.visit(profile)
    recording_id = recording_id_of(tab)
    site.read_all(profile, recording_id)

    assert site.user.get(f"/recordings/{recording_id}").json()["hasScreenshot"] is True
    picture = site.user.http.get(
        f"{site.user.api_url}/recordings/{recording_id}/screenshot",
        headers={"Accept": "image/webp"},
    ).content
    assert (picture[:4], picture[8:12]) == (b"RIFF", b"WEBP")
