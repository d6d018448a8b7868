"""A recording in one file, opened from the disk in each browser."""

from pathlib import Path
from typing import Any, cast

from rrweb_store.events import Page
from rrweb_store.one_file import PLACE, TEMPLATE_FILE, OneFile, write_one_file
from rrweb_store.recording_ref import RecordingRef
from sandbox.program import PROJECT
from tests.browsers.browser import PATIENCE_S, Browser, eventually

SESSION = PROJECT / "tests" / "data" / "session.ndjson"
SHOWN = """(() => {
  const replayed = document.querySelector('.replayed iframe')?.contentDocument;
  return {
    title: document.title,
    isOpened: document.querySelector('.time')?.textContent === '0:09 / 0:19',
    heading: replayed?.querySelector('h1')?.textContent,
  };
})()"""


def said_nothing(_done: float, _more: str) -> None:
    pass


def test_it_plays_from_the_disk(browser: Browser, tmp_path: Path) -> None:
    template = (PROJECT / "web" / "site" / "dist" / TEMPLATE_FILE).read_bytes()
    before, _, after = template.partition(PLACE)
    lines = SESSION.read_bytes().strip().split(b"\n")
    page = Page(lines=lines, cursor="c", has_more=False, skipped=0, missing="", tail="")
    with (tmp_path / "page.html").open("wb") as file:
        one = OneFile(file, cast("Any", None), RecordingRef(site_id=None, recording_id="a"))
        told = {"recordingId": "a", "createdAtMs": 1, "pageTitle": "</title>Harbour"}
        write_one_file(one, (before, after), [page], recording=told, cut=None, advance=said_nothing)
    tab = browser.tab()

    tab.goto(f"{(tmp_path / 'page.html').as_uri()}#t=9")

    shown: Any = eventually(lambda: tab.run(SHOWN), lambda found: found["isOpened"], PATIENCE_S)
    assert shown["title"] == "</title>Harbour · rrweb store"
    assert shown["heading"] == "Harbour log"
    tab.close()
