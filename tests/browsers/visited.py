"""A site that records its visitors, its API, and another site that they leave for."""

import base64
import gzip
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.browsers.browser import Tab, eventually
from tests.e2e.browser import RECORDER
from tests.e2e.local_http import CORS, Answer, Asked, LocalServer

Owner = Literal["site", "user"]
HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}
SCRIPT = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "*",
    "Access-Control-Allow-Headers": "authorization, content-type, batch-sequence, if-none-match",
    "Access-Control-Max-Age": "7200",
}
KEY = "wk_browserbrowserbrowserbrow"
PATIENCE_S = 20.0


def token_of(sub: str) -> str:
    """Return a token that no pool has signed: the recorder reads it, and this API does not."""
    parts = [{"alg": "none"}, {"sub": sub, "exp": 4102444800}]
    texts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts]
    return b".".join([*texts, b"none"]).decode()


@dataclass
class Intake:
    """What the API has stored: the first body under each number, as S3 does by `If-None-Match`."""

    asked: list[Asked] = field(default_factory=list[Asked])
    stored: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])
    """Bodies by recording and number."""
    down: bool = False

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.server = LocalServer(self._respond)

    @property
    def url(self) -> str:
        return self.server.url

    def _respond(self, asked: Asked) -> Answer | None:
        if asked.method == "OPTIONS":
            return Answer(204, {**CORS, **PREFLIGHT})
        with self._lock:
            self.asked.append(asked)
            if self.down:
                return None
            batch = batch_of(asked)
            if batch is None:
                return Answer(201, CORS, b"{}")
            is_new = batch not in self.stored
            self.stored.setdefault(batch, asked.body)
        return Answer(202 if asked.sequence else 200 if is_new else 412, CORS, b"{}")

    def numbers(self, recording_id: str) -> list[int]:
        """Return the numbers that the page has shown, in order, as often as they are stored."""
        with self._lock:
            bodies = sorted(
                (n, body) for (one, n), body in self.stored.items() if one == recording_id
            )
        return [number for _, body in bodies for number in shown(body)]

    def recordings(self) -> list[str]:
        """Return the recordings of which a batch is stored."""
        with self._lock:
            return sorted({recording_id for recording_id, _ in self.stored})

    def sent_again(self) -> list[tuple[str, str]]:
        """Return the batches that came more than once."""
        with self._lock:
            times = Counter(batch for asked in self.asked if (batch := batch_of(asked)))
        return [batch for batch, number in times.items() if number > 1]

    def bodies_of(self, batch: tuple[str, str]) -> list[bytes]:
        return [asked.body for asked in self.asked if batch_of(asked) == batch]


def batch_of(asked: Asked) -> tuple[str, str] | None:
    """Return recording and number of a batch; None of another request."""
    parts = asked.path.partition("/recordings/")[2].split("/")
    if len(parts) < 2 or parts[1] != "events":
        return None
    return parts[0], (asked.sequence or parts[2]).rjust(9, "0")


def events_of(body: bytes) -> list[Any]:
    text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    return [json.loads(line) for line in text.splitlines()]


def shown(body: bytes) -> list[int]:
    """Return the numbers that mutations of a batch have put into the page's heading."""
    changes = [
        event["data"]
        for event in events_of(body)
        if event["type"] == 3 and event["data"]["source"] == 0
    ]
    texts = [one["value"] or "" for data in changes for one in data["texts"]]
    texts += [one["node"].get("textContent") or "" for data in changes for one in data["adds"]]
    return sorted(int(text[1:]) for text in texts if text[:1] == "#" and text[1:].isdigit())


PAGE = """<!doctype html><html lang="en"><title>Shop</title><h1 id="count">#0</h1>
<ul id="list"></ul><input id="name" aria-label="name"><button>buy</button>
<a id="next" href="/next">next</a> <a id="elsewhere" href="{elsewhere}">elsewhere</a>
<script>{before}</script><script src="/page-copy.js"></script><script>
const options = {options};
window.signedOut = false;
if (!options.writeUrl) options.getToken = async () => {{
  if (signedOut) throw new Error('signed out');
  return {token};
}};
window.errors = [];
options.onError = (error) => errors.push(String(error));
window.emitted = 0;
options.transform = (event) => {{ emitted += 1; return event; }};
window.recording = rrwebRecorder.startRecording(options);
// Changes the heading that often, in as many mutations, on from the last page's number.
async function count(times) {{
  for (let n = 0; n < times; n += 1) {{
    const number = Number(sessionStorage.shown ?? 0) + 1;
    sessionStorage.shown = number;
    document.getElementById('count').textContent = `#${{number}}`;
    await new Promise((soon) => setTimeout(soon, 0));
  }}
  return Number(sessionStorage.shown);
}}
function rows(times) {{
  list.replaceChildren(...Array.from({{ length: times }}, (_, n) => {{
    const row = document.createElement('li');
    row.textContent = `row ${{n}} of customer ${{Math.random().toString(36).slice(2, 8)}}`;
    return row;
  }}));
}}
</script>"""


class Visited:
    """The site, recorded for its own visitors or for a signed-in user."""

    def __init__(self, owner: Owner, **options: object) -> None:
        self.owner = owner
        self.intake = Intake()
        where = {"writeUrl": f"{self.intake.url}/w/{KEY}", "privacy": "inputs"}
        user = {"apiUrl": self.intake.url}
        self.options = {**(where if owner == "site" else user), **options}
        self.before = ""
        """A script that runs before the recorder's."""
        self.asked: list[str] = []
        """The paths that its pages have asked for."""
        self.before_page: Callable[[], object] = lambda: None
        """Called before a page is answered."""
        self.script = (RECORDER / "dist" / "page-copy.js").read_bytes()
        self.elsewhere = LocalServer(lambda _: Answer(200, HTML, b"<title>Elsewhere</title>"))
        self.server = LocalServer(self._respond)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def elsewhere_url(self) -> str:
        """Of another site, by the browsers' measure: its host's name is another."""
        return self.elsewhere.url.replace("127.0.0.1", "localhost")

    def _respond(self, asked: Asked) -> Answer:
        self.asked.append(asked.path)
        if asked.path == "/page-copy.js":
            return Answer(200, SCRIPT, self.script)
        self.before_page()
        page = PAGE.format(
            elsewhere=self.elsewhere_url,
            before=self.before,
            options=json.dumps(self.options),
            token=json.dumps(token_of("visitor")),
        )
        return Answer(200, HTML, page.encode())

    def visit(self, tab: Tab, path: str = "/") -> str:
        """Go there, and return the recording once it is being stored."""
        tab.goto(f"{self.url}{path}")
        return recording_id_of(tab)

    def wait_for(self, recording_id: str, last: int, patience_s: float = PATIENCE_S) -> list[int]:
        """Return the stored numbers once the last one is there."""
        return eventually(
            lambda: self.intake.numbers(recording_id), lambda seen: last in seen, patience_s
        )

    def close(self) -> None:
        for server in (self.server, self.elsewhere, self.intake.server):
            server.close()


def recording_id_of(tab: Tab) -> str:
    return eventually(lambda: tab.run("window.recording?.recordingId"), bool, PATIENCE_S)


def kept_events(database: str = "rrweb-recorder") -> str:
    """Return a promise of how many of the page's events are kept, and how many there are."""
    return f"""new Promise((resolve) => {{
      const opening = indexedDB.open({json.dumps(database)}, 1);
      opening.onupgradeneeded = () => opening.transaction.abort();
      opening.onerror = () => resolve([0, emitted]);
      opening.onsuccess = () => {{
        const all = opening.result.transaction('parcels').objectStore('parcels').getAll();
        all.onsuccess = () => {{
          opening.result.close();
          resolve([all.result.reduce((sum, {{ events }}) => sum + events, 0), emitted]);
        }};
      }};
    }})"""


def wait_until_kept(tab: Tab, database: str = "rrweb-recorder") -> None:
    """Wait until all events of the tab's only page lie in the browser's storage."""
    script = kept_events(database)
    eventually(lambda: tab.run(script), lambda it: it[0] == it[1] > 0, PATIENCE_S)
