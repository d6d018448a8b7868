"""A site that records itself, as tests visit it."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.e2e.browser import RECORDER, BrowserError, Profile, Tab
from tests.e2e.local_http import Answer, Asked, LocalServer, Proxy
from tests.e2e.siblings import by_place
from tests.e2e.user import Event, Reading, User, eventually

HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}
SCRIPT = {"Content-Type": "text/javascript; charset=utf-8"}
# Chromium and the sandbox share two processors.
PATIENCE_S = 40.0

# How many parcels lie in the recorder's outbox, which it has asked for before.
KEPT = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder', 1);
  opening.onsuccess = () => {
    const count = opening.result.transaction('parcels').objectStore('parcels').count();
    count.onsuccess = () => { opening.result.close(); resolve(count.result); };
  };
})"""
# How many events of a recording lie there.
KEPT_EVENTS = """new Promise((resolve) => {
  const opening = indexedDB.open('rrweb-recorder', 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction('parcels').objectStore('parcels').getAll();
    all.onsuccess = () => {
      opening.result.close();
      const own = all.result.filter(({ recordingId }) => recordingId === recording.recordingId);
      resolve(own.reduce((sum, { events }) => sum + events, 0));
    };
  };
})"""
MOVABLE_CLOCK = """
window.aheadMs = 0; const now = Date.now; Date.now = () => now.call(Date) + window.aheadMs;"""
# As if half a minute had passed before the page is opened.
LATER = f"{MOVABLE_CLOCK} window.aheadMs = 30e3;"
# As a phone does before it ends the page. https://html.spec.whatwg.org/#update-the-visibility-state
HIDE = """Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))"""
# The recorder looks at a page once more after its first frame, which may come after the load.
DRAWN = "new Promise((soon) => requestAnimationFrame(() => setTimeout(soon)))"
# What the recorder adds as a page goes and as it stops: a page that goes may be unable to tell it.
END_MARKS = ("rrweb-store:left", "rrweb-store:end")
# What is typed, and must be in nothing that is stored.
SECRET = "Geheim4711"

PAGE = """<!doctype html><html lang="en"><title>Counter</title>
<h1 id="count">0</h1><ul id="list"></ul><input id="name" aria-label="name">
<a id="other" href="/other">other</a>
<script src="/page-copy.js"></script><script src="/config.js"></script>
<script>
const told = (kind, value) => window.seen?.(JSON.stringify([kind, value]));
window.token = config.token;
window.recording = rrwebRecorder.startRecording({
  ...config.options,
  getToken: async () => (told('asked for a token', 0), window.newToken?.() ?? window.token),
  transform: (event) => (told('event', [recording.recordingId, event]), event),
  onError: (error) => told('error', String(error)),
});
function count(times = 1) { while (times-- > 0) document.getElementById('count').textContent++; }
</script>"""


@dataclass
class Site:
    """Its server, the proxy that its recorder talks to, and the user who records."""

    user: User
    proxy: Proxy
    pages: dict[str, Callable[[], Answer]] = field(default_factory=dict[str, Callable[[], Answer]])
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    """Of `startRecording`, besides `apiUrl`."""
    token: str | None = None
    """What `getToken` gives; the user's own by default."""

    def __post_init__(self) -> None:
        self.server = LocalServer(self._respond)
        self.options = {"flushMs": 200, "screenshot": False, **self.options}

    @property
    def url(self) -> str:
        return self.server.url

    def _respond(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path in self.pages:
            return self.pages[path]()
        if path == "/page-copy.js":
            return Answer(200, SCRIPT, (RECORDER / "dist" / "page-copy.js").read_bytes())
        if path == "/config.js":
            config = {
                "token": self.token or self.user.token,
                "options": {"apiUrl": self.proxy.url, **self.options},
            }
            return Answer(200, SCRIPT, f"const config = {json.dumps(config)};".encode())
        return Answer(200, HTML, PAGE.encode())

    def close(self) -> None:
        self.server.close()
        self.proxy.close()

    def visit(
        self, profile: Profile, path: str = "/", *, before: str = "", drawn: bool = True
    ) -> Tab:
        """Return a tab in which the site is open and recorded, and drawn.

        `before` runs first in each page. A page that counts timers, or has a `Promise` of its own,
        is not asked whether it is drawn: `drawn=False`.
        """
        tab = profile.tab()
        if before:
            tab.do("addInitScript", {"content": before})
        tab.goto(f"{self.url}{path}")
        if drawn:
            tab.run(DRAWN)
        return tab

    def close_once_kept(self, tab: Tab, parcels: int) -> None:
        """Close a tab when so many parcels lie in its storage.

        A browser that ends a page leaves no time for what is put there only then.
        """
        eventually(lambda: tab.run(KEPT), lambda kept: kept >= parcels, PATIENCE_S)
        tab.close()

    def wait_until_kept(self, tab: Tab, profile: Profile, sent: int) -> None:
        """Wait until the tab's storage holds all events after the first `sent` ones."""
        recording_id = recording_id_of(tab)
        eventually(
            lambda: (tab.run(KEPT_EVENTS), len(self.emitted(profile, recording_id)) - sent),
            lambda counts: 0 < counts[1] == counts[0],
            PATIENCE_S,
        )

    def emitted(self, profile: Profile, recording_id: str) -> list[Event]:
        """Return what rrweb gave to the recorder, in all pages of a recording, but for marks."""
        told = [json.loads(text) for text in profile.seen()]
        return without_marks(
            [value[1] for kind, value in told if kind == "event" and value[0] == recording_id]
        )

    def errors(self, profile: Profile) -> list[str]:
        told = [json.loads(text) for text in profile.seen()]
        return [value for kind, value in told if kind == "error"]

    def tokens_asked(self, profile: Profile) -> int:
        return sum(json.loads(text)[0] == "asked for a token" for text in profile.seen())

    def read_all(self, profile: Profile, recording_id: str) -> Reading:
        """Return the recording once as many events can be read as were emitted."""
        return eventually(
            lambda: self.read(recording_id),
            lambda reading: len(reading.events) >= len(self.emitted(profile, recording_id)),
            PATIENCE_S,
        )

    def read(self, recording_id: str) -> Reading:
        """Return the recording without marks of an end."""
        if self.user.get(f"/recordings/{recording_id}").status_code == 404:
            return Reading()
        reading = self.user.read(recording_id)
        return replace(reading, events=without_marks(reading.events))


def mark_of(event: Event) -> str | None:
    """Return the tag of a mark of an end."""
    tag = event["data"].get("tag") if event["type"] == 5 else None
    return tag if tag in END_MARKS else None


def without_marks(events: list[Event]) -> list[Event]:
    return [event for event in events if mark_of(event) is None]


def with_body(body: str, **headers: str) -> Answer:
    """Return the page with more in its body."""
    page = PAGE.replace('<ul id="list">', f'{body}<ul id="list">')
    return Answer(200, {**HTML, **headers}, page.encode())


def stored(site: Site) -> Iterator[bytes]:
    """Yield what went to the API, each body plain."""
    for asked in site.proxy.asked:
        yield asked.path.encode()
        is_gzip = asked.headers.get("content-type") == "application/gzip"
        yield gzip.decompress(asked.body) if is_gzip else asked.body


def recording_id_of(tab: Tab) -> str:
    return tab.run("recording.recordingId")


def wait_until_back(tab: Tab) -> None:
    """Wait until a tab shows the site's first page again, as it was left."""

    def came_back() -> bool:
        try:
            return tab.run("window.cameBack === true && location.pathname === '/'")
        except BrowserError:
            return False  # it is on its way

    try:
        eventually(came_back, bool, PATIENCE_S)
    except AssertionError as error:
        reasons = "performance.getEntriesByType('navigation')[0].notRestoredReasons"
        raise AssertionError(f"It was not kept: {tab.run(f'JSON.stringify({reasons})')}") from error
    tab.run(DRAWN)


def assert_each_event_once(site: Site, profile: Profile, recording_id: str) -> None:
    """Assert that the recording holds what was emitted, in order, and nothing else."""
    reading = site.read_all(profile, recording_id)
    assert by_place(reading.events) == by_place(site.emitted(profile, recording_id))
    assert (reading.skipped, reading.missing) == (0, None)
