"""A recording exported by the command line, from the site's own template, and drawn by Chromium."""

import base64
import gzip
import json
import re
import struct
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from mcp import Client

from rrweb_store.agent.server import make_server
from rrweb_store.app import App
from rrweb_store.chromium import chromium_path, opened
from rrweb_store.main import main
from rrweb_store.sign_ins import SignIn
from rrweb_store.store_config import fetch_config
from sandbox.program import PROJECT
from sandbox.server import Sandbox

SESSION = PROJECT / "tests" / "data" / "session.ndjson"
# Of the session, 8 s after its first event.
ERROR = {
    "type": 5,
    "timestamp": 1_795_479_364_045,
    "data": {"tag": "rrweb-store:error", "payload": {"kind": "error", "message": "no crane"}},
}
Run = Callable[..., tuple[int, str, str]]

# Size and length of a film, and the moment that a player has sought in it.
PLAYED = """new Promise((resolve, reject) => {
  const film = document.querySelector('video');
  const facts = () => [film.videoWidth, film.videoHeight, film.duration, film.currentTime];
  film.onerror = () => reject(film.error);
  film.onseeked = () => resolve(facts());
  film.onloadeddata = () => (film.currentTime = 1);
  film.load();
})"""


@pytest.fixture
def run(
    site: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Return what runs a command in an empty folder, as a watcher of the site `shop`."""
    monkeypatch.chdir(tmp_path)
    home = App(folder=tmp_path / "home")
    config = fetch_config(home.http, site.site_url)
    token = site.id_token("exporter", [site.exports["sites"]["shop"]["group"]])
    home.sign_ins.put(
        SignIn(
            config=config,
            id_token=token,
            refresh_token="",
            expires_at=time.time() + 3000,
            email="exporter@example.com",
        )
    )

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments, App(folder=home.folder))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def png_start(width: int, height: int) -> bytes:
    """Return how a PNG of a size starts: https://www.w3.org/TR/png-3/#11IHDR."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


def test_an_agent_sees_a_picture_of_a_moment(run: Run, tmp_path: Path) -> None:
    link = json.loads(run("put", "--json", "--to", "shop", str(SESSION))[1])["link"]

    async def pictures() -> list[bytes]:
        async with Client(make_server(App(folder=tmp_path / "home"))) as agent:
            results = [
                await agent.call_tool(
                    "see_page", {"recording": link, "atMs": at_ms, "part": "picture"}
                )
                for at_ms in (0, 9000)
            ]
        content = [one for result in results for one in result.content]
        return [base64.b64decode(one.data) for one in content if one.type == "image"]

    first, later = anyio.run(pictures)

    assert {first[:24], later[:24]} == {png_start(1280, 800)}
    assert first != later


def test_a_page_is_drawn_without_a_network_as_pictures_and_as_a_film(
    run: Run, site: Sandbox, tmp_path: Path
) -> None:
    lines = f"{SESSION.read_text(encoding='utf-8')}{json.dumps(ERROR)}\n"
    Path("session.ndjson").write_text(lines, encoding="utf-8")
    _, out, _ = run("put", "--json", "--to", "shop", "session.ndjson")
    link = json.loads(out)["link"]

    assert run("export", link, "--html", "page.html")[0] == 0
    page = Path("page.html").read_text(encoding="utf-8")
    data = "".join(re.findall(r'data-part="about">([^<]*)<', page))
    about = gzip.decompress(base64.b64decode(data)).decode()
    told = (site.exports["apiUrl"], site.site_url, "exporter", "eyJ")
    assert json.loads(about)["recording"]["pageTitle"] == "Harbour log"
    assert [text for text in told if text in page or text in about] == []

    # From such a page, which a browser without a network opens from the disk.
    part = ("--from", "5", "--to", "9.5")
    assert run("export", link, "--images", "pictures", "--every", "2s", *part)[0] == 0
    pictures = {path.name: path.read_bytes() for path in Path("pictures").iterdir()}
    assert sorted(pictures) == [f"00h00m0{second}.0s.png" for second in (5, 7, 9)]
    assert {png[:24] for png in pictures.values()} == {png_start(1280, 800)}
    assert len(set(pictures.values())) == 3
    assert run("export", link, "--images", "errors", "--at-errors")[0] == 0
    assert [path.name for path in Path("errors").iterdir()] == ["00h00m08.0s.png"]
    code, _, err = run("export", link, "--images", "none", "--at-errors", *part[2:], "--from", "9")
    assert (code, "has no errors" in err) == (1, True)

    assert run("export", link, "--video", "film.webm", "--from", "5", "--to", "7")[0] == 0
    Path("film.html").write_text(
        "<video src=film.webm></video><script>replay = {}</script>", encoding="utf-8"
    )
    with opened(chromium_path(), tmp_path / "film.html") as tab:
        width, height, duration, sought = tab.run(PLAYED)
    assert (width, height, sought) == (1280, 800, 1)
    assert 1.5 < duration <= 2.1
