"""A shop that records its visitors by a script tag, as tests visit it: three origins."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from sandbox.server import Sandbox
from tests.e2e.browser import RECORDER, Profile, Tab
from tests.e2e.local_http import Answer, Asked, LocalServer, Proxy
from tests.e2e.site import HTML, PATIENCE_S, SCRIPT
from tests.e2e.user import Event, eventually

INCREMENTAL, MUTATION = 3, 0
VIOLATIONS = """window.violated = []; addEventListener('securitypolicyviolation',
  (event) => violated.push(event.violatedDirective + ' ' + event.blockedURI))"""
# What all three storages of a page hold.
STORED = """(async () => ({
  local: { ...localStorage }, tab: { ...sessionStorage },
  databases: (await indexedDB.databases()).map(({ name }) => name),
}))()"""
CONSOLE = """window.noise = []; for (const name of ['log', 'info', 'warn', 'error', 'debug'])
  console[name] = (...words) => noise.push([name, ...words].join(' '));"""


@dataclass
class Shop:
    """Its server, the server of the tag's script, and the proxy before the API."""

    proxy: Proxy
    key: str
    attributes: dict[str, str] = field(default_factory=lambda: {"privacy": "inputs"})
    """`data-…` of the tag, beside the write URL."""
    script: str | None = None
    """Runs in place of a tag that starts by itself."""
    pages: dict[str, Callable[[], Answer]] = field(default_factory=dict[str, Callable[[], Answer]])

    def __post_init__(self) -> None:
        self.server = LocalServer(self._respond)
        self.tag_server = LocalServer(self._respond_with_tag)
        self.policy = (
            f"default-src 'none'; script-src {self.tag_server.url}; connect-src {self.proxy.url}"
        )
        self.write_url = f"{self.proxy.url}/w/{self.key}"

    @property
    def url(self) -> str:
        return self.server.url

    def page(self, body: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        attributes = {"write-url": self.write_url, **self.attributes}
        named = "".join(f' data-{name}="{escape(value)}"' for name, value in attributes.items())
        source = f'src="{self.tag_server.url}/page-copy.js"'
        tag = f"<script async {source}{named}></script>"
        if self.script is not None:
            tag = f"<script {source}></script><script>{self.script}</script>"
        text = f"""<!doctype html><html lang="en"><head>{tag}<title>Shop</title></head><body>
<h1 id="count">0</h1><input id="name" aria-label="name"><a id="other" href="/other?q=1#h">other</a>
{body}</body></html>"""
        policy = {} if self.script is not None else {"Content-Security-Policy": self.policy}
        return Answer(200, {**HTML, **policy, **(headers or {})}, text.encode())

    def _respond(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        return self.pages[path]() if path in self.pages else self.page()

    def _respond_with_tag(self, _asked: Asked) -> Answer:
        return Answer(200, SCRIPT, (RECORDER / "dist" / "page-copy.js").read_bytes())

    def visit(self, profile: Profile, path: str = "/", *, before: str = "") -> Tab:
        """Return a tab in which the shop is open; `before` runs first in each page."""
        tab = profile.tab()
        tab.do("addInitScript", {"content": f"{VIOLATIONS};{before}"})
        tab.goto(f"{self.url}{path}")
        return tab

    def visit_recorded(self, profile: Profile, path: str = "/", *, before: str = "") -> Tab:
        """Return such a tab once the tag's recording has sent what there is."""
        tab = self.visit(profile, path, before=before)
        wait_for_tag(tab)
        tab.run("rrwebRecorder.recording.flush()")
        return tab

    def created(self) -> list[dict[str, object]]:
        """Return what recordings were created with."""
        return [
            json.loads(one.body)
            for one in self.proxy.asked
            if one.method == "POST" and "/events/" not in one.path and "/facts" not in one.path
        ]

    def facts(self) -> list[dict[str, object]]:
        return [json.loads(one.body) for one in self.proxy.asked if one.path.endswith("/facts")]

    def close(self) -> None:
        for server in (self.server, self.tag_server, self.proxy):
            server.close()


def wait_for_tag(tab: Tab) -> None:
    """Wait until an async script has started to record."""
    eventually(lambda: tab.run("!!window.rrwebRecorder?.recording?.recordingId"), bool, PATIENCE_S)


def recording_id_of(tab: Tab) -> str:
    return tab.run("rrwebRecorder.recording.recordingId")


def count(tab: Tab, times: int) -> None:
    """Change the page's number that often, in as many mutations."""
    tab.run(
        f"""(async () => {{ for (let n = 0; n < {times}; n += 1) {{
        document.getElementById('count').textContent++;
        await new Promise((soon) => setTimeout(soon, 0)); }} }})()"""
    )


def events_of(body: bytes) -> list[Event]:
    """Return the events of a stored batch, gzipped or not."""
    text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    return [json.loads(line) for line in text.splitlines()]


def numbers(events: list[Event]) -> list[int]:
    """Return the numbers that the page has shown, by its mutations."""
    return [
        int(text)
        for event in events
        if event["type"] == INCREMENTAL and event["data"]["source"] == MUTATION
        for text in _texts(event)
        if text.isdigit()
    ]


def _texts(event: Event) -> list[str]:
    changed = [one["value"] or "" for one in event["data"]["texts"]]
    added = [one["node"].get("textContent") or "" for one in event["data"]["adds"]]
    return changed + added


class Bucket:
    """The batches of one site that the sandbox's bucket holds."""

    def __init__(self, sandbox: Sandbox, key: str) -> None:
        self._s3 = sandbox.cloud.client("s3")
        self._bucket = sandbox.exports["bucketName"]
        self._key = key

    def batches(self, recording_id: str) -> dict[int, bytes]:
        """Return a recording's batches by their numbers."""
        prefix = f"rrweb/recordings/siteKey={self._key}/sessionId={recording_id}/batch/"
        return {int(key.removeprefix(prefix)): self.read(key) for key in self.keys(prefix)}

    def events(self, recording_id: str) -> list[Event]:
        return [one for body in self.batches(recording_id).values() for one in events_of(body)]

    def keys(self, prefix: str) -> list[str]:
        listed = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
        return sorted(one["Key"] for one in listed.get("Contents", []))

    def read(self, key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def wait_for_numbers(self, recording_id: str, last: int) -> None:
        """Wait until the page's numbers are stored, each once and in order."""
        seen = eventually(
            lambda: numbers(self.events(recording_id)), lambda seen: last in seen, PATIENCE_S
        )
        assert seen == list(range(1, last + 1))
