"""A page with secrets in many places, and what its recorder sends.

Each table in `tests/data/privacy/places` is a place: `html` is in the page from the start, and
`act` runs later, given the section around it as `into`. Each place has a secret, for `WORD`.
"""

import base64
import binascii
import gzip
import html
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from tests.e2e.browser import RECORDER
from tests.e2e.local_http import Answer, Asked
from tests.e2e.site import HTML, SCRIPT

FOLDER = Path(__file__).parents[1] / "data" / "privacy" / "places"
LEVELS = ["inputs", "text", "private"]
# The places of each file are hidden from its level on.
FILES = {
    "inputs": "inputs",
    "typed": "inputs",
    "closed": "inputs",
    "typed-otherwise": "inputs",
    "closed-in-time": "inputs",
    "copied": "inputs",
    "text": "text",
    "texts": "text",
    "private": "private",
    "never": "",
}
FRAME = "<iframe srcdoc='<p title=WORD>WORD</p>'></iframe>"
NAMES = {
    "FRAME.private": FRAME.replace("<iframe", "<iframe class=private"),
    "FRAME.masked": FRAME.replace("<iframe", "<iframe class=masked"),
    "FRAME": FRAME,
    "ROOT": "'<p title=WORD>WORD</p><input value=WORD>'",
}
HELPERS = """const tick = () => new Promise((resolve) => setTimeout(resolve, 20));
const loaded = (one) => new Promise((resolve) => one.addEventListener('load', resolve));
const section = (name) => document.getElementById(`in-${name}`);
const type = (field, text) => {
  field.value = text; field.dispatchEvent(new Event('input', { bubbles: true }));
};"""
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
# Secrets of the page as a whole.
ADDRESS, TITLE, SCREENSHOT = "QzAddressZq", "QzTitleOfThePageZq", "QzScreenshotZq"
ANY_TOKEN = f"e30.{base64.b64encode(json.dumps({'sub': 'u1'}).encode()).decode()}.e30"
# How a page starts its recorder, for a user and for a visitor of a site.
OWNERS = {
    "user": f"""apiUrl: location.origin + '/api', getToken: async () => '{ANY_TOKEN}',
      screenshot: async () => new Blob(['{SCREENSHOT}'], {{ type: 'image/png' }}),""",
    "visitor": "writeUrl: location.origin + '/api/w/wk_sandbox0sandbox0sandbox0',",
}


@dataclass(frozen=True)
class Place:
    name: str
    hidden_from: str
    html: str
    act: str = ""

    @property
    def secret(self) -> str:
        """No keyword, and no part of another one."""
        return f"Qz{self.name.title().replace('-', '')}Zq"

    def filled(self, text: str) -> str:
        for name, meaning in NAMES.items():
            text = text.replace(name, meaning)
        half = len(self.secret) // 2
        text = text.replace("WO-RD", f"{self.secret[:half]}</b><b>{self.secret[half:]}")
        return text.replace("WORD", self.secret)

    def is_hidden_at(self, level: str) -> bool:
        return self.hidden_from in LEVELS[: LEVELS.index(level) + 1]


def places() -> list[Place]:
    return [
        Place(name, hidden_from, **row)
        for file, hidden_from in FILES.items()
        for name, row in tomllib.loads((FOLDER / f"{file}.toml").read_text()).items()
    ]


@dataclass
class Page:
    """A page with all secrets, and an API that takes everything and keeps it."""

    start: str
    sent: list[Asked] = field(default_factory=list[Asked])

    def respond(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path.startswith("/api/"):
            self.sent.append(asked)
            return Answer(404 if asked.method == "HEAD" else 201)
        if path.startswith("/page-copy"):  # the recorder and its plugins
            return Answer(200, SCRIPT, (RECORDER / "dist" / path[1:]).read_bytes())
        if path.endswith(".css"):
            if "missing" in path:
                return Answer(404)
            content = f"#s::before {{ content: '{asked.path.partition('?')[2]}' }}"
            return Answer(200, {"Content-Type": "text/css"}, content.encode())
        if path.endswith(".svg"):
            return Answer(200, {"Content-Type": "image/svg+xml"}, DRAWING)
        return Answer(200, HTML, self.text().encode() if path == "/" else b"<p>x</p>")

    def sections(self) -> list[Place]:
        return places()

    def text(self) -> str:
        sections = "\n".join(
            f"<section id=in-{place.name}>{place.filled(place.html)}</section>"
            for place in self.sections()
        )
        return f"""<!doctype html><html lang="en"><head><title>{TITLE}</title>
<script src="/page-copy.js"></script></head><body>{sections}<script>
window.errors = [];
window.options = {{ {self.start}
  blockSelector: '.private', maskTextSelector: '.masked', recordCanvas: true, collectFonts: true,
  console: true, network: true, flushMs: 200, onError: (error) => errors.push(String(error)) }};
window.recording = rrwebRecorder.startRecording(options);
</script></body></html>"""

    def bodies(self) -> Iterator[str]:
        """Yield what was sent: addresses, headers, and bodies as they are read."""
        for asked in self.sent:
            yield f"{asked.path}\n{asked.headers}"
            is_gzip = asked.body.startswith(b"\x1f\x8b")
            body = gzip.decompress(asked.body) if is_gzip else asked.body
            yield body.decode(errors="replace")

    def all_sent(self) -> str:
        """Return all of it, also as it can be decoded, in small letters."""
        return readings("\n".join(self.bodies())).casefold()


def readings(text: str) -> str:
    """Return a text with all that can be read in it: decoded, and joined where nodes split it."""
    plain = unquote(unquote(text))
    texts = "".join(re.findall(r'"textContent":"((?:[^"\\]|\\.)*)"', text))
    coded = "".join(map(decoded, re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", plain)))
    return "\n".join([text, plain, html.unescape(text), texts, coded])


def decoded(run: str) -> str:
    try:
        return base64.b64decode(run + "==").decode(errors="replace")
    except binascii.Error:
        return ""
