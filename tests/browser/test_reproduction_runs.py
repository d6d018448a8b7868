"""A reproduction in Chromium: it finds each element of the page, and the page does what it did."""

import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from rrweb_store.chromium import chromium_path
from rrweb_store.reproduction import reproduction
from sandbox.program import PROJECT
from tests.cli.recorded import Event, Node, click, did, element, meta, snapshot, text, typed

PAGE = """<!doctype html><title>Teas</title>
<form action="/cart"><label for="mail">Your “mail”</label><input id="mail" name="mail">
<label><input type="checkbox" name="gift"> Gift</label>
<select name="tea" aria-label="Tea"><option value="g">Green</option><option value="b">Black</option>
</select><input type="password" name="pin"><button>Buy <b>now</b></button></form>
<ul><li><button data-testid="up-1">Up</button></li><li><button type="button">Up</button></li></ul>
<iframe srcdoc="<button onclick='parent.did += 1'>In the frame</button>"></iframe>
<script>did = 0;
document.querySelectorAll("li button").forEach((one, n) => {
  one.onclick = () => did += 10 ** (n + 1);
});
document.forms[0].addEventListener("formdata", (event) => event.formData.set("did", did));
</script>"""
# The part of Playwright's test runner that a reproduction uses.
RUNNER = """const { chromium } = require("playwright-core");
let options = {};
exports.expect = (page) => ({ toHaveURL: (fits) => page.waitForURL(fits) });
exports.test = async (title, run) => {
  const browser = await chromium.launch({ executablePath: process.env.BROWSER_PATH,
    args: ["--no-sandbox"] });
  try { await run({ page: await browser.newPage(options) }); } finally { await browser.close(); }
};
exports.test.use = (given) => { options = given; };
"""
BUNDLE = """require("esbuild").buildSync({ entryPoints: ["reproduction.ts"], outfile: "bundle.js",
bundle: true, platform: "node", external: ["playwright-core"],
alias: { "@playwright/test": require("path").resolve("runner.js") } });"""


@pytest.fixture
def shop() -> Iterator[tuple[str, list[str]]]:
    """Return the address of a page, and a list of what is asked for there."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def frame(id_: int, *children: Node) -> Node:
    html = element(id_ + 2, "html", element(id_ + 3, "body", *children))
    document = {"type": 0, "id": id_ + 1, "childNodes": [html]}
    return element(id_, "iframe", document)


def visit(address: str) -> list[Event]:
    """Return what rrweb records of a visit to the page."""
    up = [
        element(41, "button", text(42, "Up"), data_testid="up-1"),
        element(43, "button", text(44, "Up")),
    ]
    form = element(
        10,
        "form",
        element(11, "label", text(12, "Your “mail”"), for_="mail"),
        element(13, "input", id="mail"),
        element(14, "label", element(15, "input", type="checkbox"), text(16, " Gift")),
        element(17, "select", element(18, "option", text(19, "Green")), aria_label="Tea"),
        element(20, "input", type="password"),
        element(21, "button", text(22, "Buy "), element(23, "b", text(24, "now"))),
    )
    lists = element(40, "ul", *(element(50 + n, "li", one) for n, one in enumerate(up)))
    inner = element(64, "button", text(65, "In the frame"))
    return [
        meta(0, f"{address}/teas", 900, 600),
        snapshot(1, form, lists, frame(60, inner)),
        click(1000, 42),
        click(2000, 44),
        click(2500, 65),
        did(3000, 2, type=5, id=13),
        typed(3001, 13, 'a"b`${c}\\ é'),
        did(3100, 2, type=5, id=17),
        typed(3101, 17, "b"),
        did(3200, 2, type=5, id=20),
        typed(3201, 20, "****"),
        click(4000, 16),
        click(4001, 15),
        typed(4002, 15, "on", is_checked=True),
        click(5000, 24),
        meta(5500, f"{address}/cart", 900, 600),
    ]


def test_a_reproduction_does_on_the_page_what_the_person_did(
    shop: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = shop
    code = "\n".join(reproduction(visit(address), "a visit"))
    (tmp_path / "reproduction.ts").write_text(code, encoding="utf-8")
    (tmp_path / "runner.js").write_text(RUNNER, encoding="utf-8")
    modules = str(PROJECT / "web" / "node_modules")
    environment = {**os.environ, "NODE_PATH": modules, "BROWSER_PATH": chromium_path()}
    for program in (["-e", BUNDLE], ["bundle.js"]):
        ran = subprocess.run(
            ["node", *program],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert ran.returncode == 0, f"{code}\n{ran.stderr}"

    sent = {path.partition("?")[2] for path in asked if path.startswith("/cart")}
    assert [dict(parse_qsl(query)) for query in sent] == [
        {"mail": 'a"b`${c}\\ é', "gift": "on", "tea": "b", "pin": "placeholder", "did": "111"}
    ]
