"""Pages without a bundler, under the content security policies of the documentation."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.documents import blocks
from tests.e2e.browser import Profile
from tests.e2e.user import User, eventually
from tests.packages.project import (
    PROJECT,
    TAG_URL,
    installed,
    npm,
    policy,
    section,
    served,
    start,
    write,
)
from tests.packages.visits import PATIENCE_S, SHOWN, VIOLATIONS, recorded, shows

OURS = "/node_modules/@rrweb-store"
# What the policy of a player's page has to allow: the recorded styles, and stored pictures.
DRAWN = """(() => {
  const { shadowRoot } = document.querySelector('rrweb-store-player');
  const frame = shadowRoot.querySelector('.replayed iframe').contentDocument;
  const page = frame.querySelector('iframe').contentDocument;
  const { color } = page.defaultView.getComputedStyle(page.querySelector('h1'));
  return [color, page.querySelector('img').naturalWidth];
})()"""


@pytest.fixture(scope="session")
def html(write_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start("html", tmp_path_factory.mktemp("html"), write_url)


@pytest.fixture(scope="session")
def url(html: Path, sandbox: Sandbox, write_url: str) -> Iterator[str]:
    (tag,) = blocks(section("recorder.md", "Tag managers"), "html")
    own = f"{OURS}/recorder/dist/page-copy.js"
    page = (
        f"<!doctype html><title>By a tag manager</title>{tag.replace(TAG_URL, own)}<h1>Hello</h1>"
    )
    write(html / "tag.html", page, write_url)
    policies = {
        "record.html": policy("recorder.md", sandbox.api_url),
        "replay.html": policy("player.md", sandbox.api_url),
    }
    with served(html, policies) as url:
        yield url


def test_html_pages_record_and_replay_under_the_documented_policies(
    url: str, profile: Profile, watcher: User
) -> None:
    visit = profile.tab()
    visit.do("addInitScript", {"content": VIOLATIONS})
    visit.goto(f"{url}/record.html")
    eventually(lambda: visit.run("window.recording?.recordingId"), bool, PATIENCE_S)
    visit.run("console.warn('told'); document.querySelector('h1').textContent = 'Two bought'")
    visit.run("new Promise(requestAnimationFrame).then(() => recording.flush())")
    src = recorded(watcher, f"{url}/record.html")

    tab = profile.tab()
    tab.do("addInitScript", {"content": VIOLATIONS})
    tab.goto(f"{url}/replay.html")
    given = json.dumps({"src": src, "token": watcher.token})
    tab.run(
        f"document.querySelectorAll('rrweb-store-player').forEach((o) => Object.assign(o, {given}))"
    )
    shows(tab, "Two bought", "Two bought")

    def drawn() -> list[object]:
        visit.run("recording.flush()")  # the picture's bytes may come later
        return tab.run(DRAWN)

    eventually(drawn, lambda found: found == ["rgb(1, 2, 3)", 7], PATIENCE_S)
    assert (visit.run("violated"), tab.run("violated")) == ([], [])
    assert tab.run("document.styleSheets.length + document.adoptedStyleSheets.length") == 0
    tab.run("document.querySelector('rrweb-store-player').src = 'here'")
    eventually(lambda: tab.run(SHOWN)[0], lambda said: "attribute src" in said, PATIENCE_S)


def test_html_of_a_tag_manager_records(url: str, profile: Profile, watcher: User) -> None:
    tab = profile.tab()
    tab.goto(f"{url}/tag.html")
    eventually(lambda: tab.run("window.rrwebRecorder?.recording?.recordingId"), bool, PATIENCE_S)
    tab.run("rrwebRecorder.recording.flush()")

    assert recorded(watcher, f"{url}/tag.html")


def test_html_packages_are_imported_on_a_server(html: Path) -> None:
    for name in ("recorder", "player"):
        write(html / f"{name}.mjs", f"await import('@rrweb-store/{name}');", "")
        npm(html, "exec", "--offline", "--call", f"node {name}.mjs")


def test_html_packages_bring_everything_and_say_what_they_are(html: Path) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in ("recorder", "player"):
        folder = html / "node_modules" / "@rrweb-store" / name
        said = installed(html, name)
        types = (folder / "dist" / f"{name}.d.ts").read_text(encoding="utf-8")

        assert said["version"] == project["version"]
        assert "dependencies" not in said
        assert {"README.md", "LICENSE", "dist", "package.json"} == {
            p.name for p in folder.iterdir()
        }
        assert re.findall(r"(?:from|import\() ?['\"](.+?)['\"]", types) == []
        for script in (*folder.rglob("*.mjs"), *folder.glob("dist/player*.js")):
            sources = json.loads((script.parent / f"{script.name}.map").read_text("utf-8"))
            assert len(sources["sourcesContent"]) == len(sources["sources"]) > 0, script
