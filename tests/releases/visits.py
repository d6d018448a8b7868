"""Two small visits, one of a user and one of a site's visitor, that use each kind of storage."""

import base64
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sandbox.program import PROJECT
from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import Answer, Asked, Go, LocalServer, Proxy, down
from tests.e2e.user import eventually

HERE = Path(__file__).parent
FACTS = (HERE / "facts.js").read_text(encoding="utf-8")
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}
PATIENCE_S = 60.0
SITE = "shop"
"""The site of the visitor, and its key, as in tests/browser."""
KEY = "wk_shopshopshopshopshopshop"
# Above it rrweb's pictures become assets.
LARGE_PX = (128, 96)
# The visitor's screen is a phone's.
SCREENS: dict[str, dict[str, object]] = {
    "user": {"viewport": {"width": 400, "height": 300}},
    "site": {
        "viewport": {"width": 360, "height": 420},
        "isMobile": True,
        "hasTouch": True,
        "deviceScaleFactor": 1,
    },
}
OPTIONS = (
    "privacy: 'inputs', recordCanvas: true, sampling: { canvas: 4 }, "
    "onError: (error) => errors.push(String(error))"
)
SCREENSHOT = (
    "async () => new Promise((done) => document.getElementById('canvas').toBlob(done, 'image/png'))"
)

Owner = Literal["user", "site"]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a page showed, by its own clock."""

    at_ms: int
    facts: dict[str, Any]
    picture: bytes
    """PNG."""


@dataclass(kw_only=True)
class Visit:
    """A recorded visit of two pages."""

    owner: Owner
    recording_id: str
    moments: list[Moment] = field(default_factory=list[Moment])
    last_sequence: int = -1
    """Of a user's batches."""


def bmp(width: int, height: int) -> bytes:
    """Return a picture of coloured bands, which gzip shortens well.

    https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
    """
    bands = (b"\x80\x20\x20", b"\x20\x80\x20", b"\x20\x20\x80")
    pixels = b"".join(bands[row * 3 // height] * width for row in range(height))
    lengths = (54 + len(pixels), 0, 54, 40, width, height)
    header = b"BM" + b"".join(one.to_bytes(4, "little") for one in lengths)
    return header + b"\x01\x00\x18\x00" + bytes(24) + pixels


class Pages:
    """The server of the pages, and the proxy before the API that they are recorded to."""

    def __init__(self, owner: Owner, api_url: str, token: str) -> None:
        self.proxy = Proxy(api_url)
        options = f"apiUrl: '{self.proxy.url}', getToken: async () => '{token}', flushMs: 300"
        options += f", screenshot: {SCREENSHOT}"
        if owner == "site":
            options = f"writeUrl: '{self.proxy.url}/w/{KEY}', flushMs: 300, maxWaitingBytes: 60000"
        options = f"{{ {options}, {OPTIONS} }}"
        self._start = (
            f"var errors = [], recording = rrwebRecorder.startRecording({options});".encode()
        )
        self.server = LocalServer(self._respond)

    def _respond(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path == "/page-copy.js":
            script = PROJECT / "web" / "recorder" / "dist" / "page-copy.js"
            return Answer(200, {"Content-Type": TYPES[".js"]}, script.read_bytes())
        if path == "/start.js":
            return Answer(200, {"Content-Type": TYPES[".js"]}, self._start)
        if path == "/picture.bmp":
            return Answer(200, {"Content-Type": "image/bmp"}, bmp(32, 24))
        file = HERE / "pages" / {"/": "first.html", "/second": "second.html"}.get(path, path[1:])
        if not file.is_file():
            return Answer(404)
        data_url = f"data:image/bmp;base64,{base64.b64encode(bmp(*LARGE_PX)).decode()}"
        text = file.read_text(encoding="utf-8").replace("DATA_URL", data_url)
        return Answer(200, {"Content-Type": TYPES[file.suffix]}, text.encode())

    def close(self) -> None:
        self.server.close()
        self.proxy.close()


def visit(owner: Owner, pages: Pages, profile: Profile) -> Visit:
    """Return a visit whose events have all been accepted by the API."""
    tab = profile.tab()
    tab.goto(f"{pages.server.url}/")
    found = Visit(owner=owner, recording_id=_recording_id_of(tab))
    tab.run("recording.flush()")
    if owner == "user":
        pages.proxy.fault = _too_large_once(pages.proxy)
    else:
        _overflow(tab, pages.proxy)
    found.moments.append(_used(tab))
    tab.do("click", "#next")
    tab.do("waitForURL", f"{pages.server.url}/second")
    assert _recording_id_of(tab) == found.recording_id
    found.moments.append(_used(tab))
    # A replay ends with the last event, which must be later than the last moment.
    tab.run("document.getElementById('end').textContent = 'The end'")
    tab.run("recording.flush()")
    errors = tab.run("errors")
    assert errors == [] or owner == "site", errors
    tab.close()
    sent = (one.sequence for one in pages.proxy.batches())
    found.last_sequence = max((int(one) for one in sent if one), default=-1)
    return found


def _recording_id_of(tab: Tab) -> str:
    return eventually(lambda: tab.run("window.recording?.recordingId"), bool, PATIENCE_S)


def _used(tab: Tab) -> Moment:
    """Return what a page shows after a person has used it."""
    for selector, text in {"#name": "Zoë 4711", "#secret": "Secret 4711"}.items():
        tab.do("fill", selector, text)
    tab.do("click", "#add")
    tab.run("void document.activeElement.blur()")
    tab.run("scrollTo(0, 40)")
    # The canvas is recorded four times a second, and the mouse up to half a second later.
    tab.run("new Promise((soon) => setTimeout(soon, 1000))")
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        tab.do("screenshot", {"path": file.name, "caret": "initial"})
        picture = Path(file.name).read_bytes()
    facts = tab.run(f"({FACTS})(document)")
    at_ms = tab.run("Date.now()")
    eventually(lambda: tab.run("Date.now()"), lambda now: now > at_ms + 1, PATIENCE_S)
    return Moment(at_ms=at_ms, facts=facts, picture=picture)


def _too_large_once(proxy: Proxy) -> Callable[[Asked, Go], Answer | None]:
    """Return a fault that makes the next batch a large one."""

    def refuse(asked: Asked, go: Go) -> Answer | None:
        if asked.method != "POST" or not asked.path.endswith("/events"):
            return go()
        proxy.fault = None
        return Answer(413, {"Access-Control-Allow-Origin": "*"})

    return refuse


def _overflow(tab: Tab, proxy: Proxy) -> None:
    """Let the recorder drop events, and report them, as while an API is down."""
    proxy.fault = down
    for _ in range(40):
        tab.run("list.innerHTML = '<li>row</li>'.repeat(100)")
    tab.run("void list.replaceChildren()")
    proxy.fault = None
    before = len(proxy.batches())
    eventually(lambda: len(proxy.batches()), lambda number: number > before, PATIENCE_S)
    tab.run("recording.flush()")
