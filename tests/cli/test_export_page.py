"""A recording as one page: its data, what is not in it, its limit, and a part of it."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from rrweb_store import one_file
from rrweb_store.one_file import MAX_FILE_BYTES, PLACE, TEMPLATE_FILE, TOLD
from sandbox.program import PROJECT
from tests.cli.fake_store import FakeStore, Terminal, events_page, json_answer, problem
from tests.contract import CONTRACT

EVENTS = ("GET", "/v1/recordings/a/events")
RECORDING = ("GET", "/v1/recordings/a")
HOSTILE = "</script><script>alert(1)</script><!-- \"' 😀 \0"
FOUND = {
    "recordingId": "a",
    "createdAtMs": 1,
    "hasScreenshot": True,
    "expiresAtMs": 2,
    "pageTitle": HOSTILE,
}
_PART = re.compile(
    rb'<script type="application/octet-stream" data-part="([a-z0-9]+)">([A-Za-z0-9+/=]+)</script>\n'
)


def event(at: float, type_: int = 3, **data: Any) -> dict[str, Any]:
    return {"type": type_, "timestamp": 1000 + at, "data": data}


def ndjson(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def asset(data: bytes) -> tuple[str, str, httpx.Response]:
    return ("GET", f"/v1/assets/{sha256(data)}", httpx.Response(200, content=data))


def parts_of(page: bytes) -> list[tuple[str, bytes]]:
    """Return the parts of a page, of which nothing else may be left."""
    assert _PART.sub(b"", page) == b"<before><after>"
    return [
        (name.decode(), gzip.decompress(base64.b64decode(data)))
        for name, data in _PART.findall(page)
    ]


@pytest.fixture
def filled(store: FakeStore) -> FakeStore:
    """Return a store with a recording of two pages of events and a template."""
    template = b"<before>" + PLACE + b"<after>"
    store.on("GET", f"/{TEMPLATE_FILE}", httpx.Response(200, content=template))
    store.on(*RECORDING, json_answer(FOUND))
    store.on(
        *EVENTS,
        events_page(ndjson(event(0, 4), event(1, 2)), cursor="c1", more="true"),
        events_page(ndjson(event(9000, 5, tag=HOSTILE)), cursor="c2", Missing_Sequences="3"),
    )
    return store


def test_a_page_has_the_events_and_nothing_of_the_store_or_of_the_user(
    filled: FakeStore, terminal: Terminal
) -> None:
    said = terminal.run("export", "a", "--html", "out.html")
    page = Path("out.html").read_bytes()
    *_, about = parts_of(page)

    assert said.code == 0
    assert said.err.splitlines()[-1].startswith(f"out.html: {len(page):,} bytes.")
    assert parts_of(page)[:-1] == [
        ("events", ndjson(event(0, 4), event(1, 2))),
        ("events", ndjson(event(9000, 5, tag=HOSTILE))),
    ]
    assert (about[0], json.loads(about[1])) == (
        "about",
        {
            "recording": {"recordingId": "a", "createdAtMs": 1, "pageTitle": HOSTILE},
            "pages": [{"missing": "", "skipped": 0}, {"missing": "3", "skipped": 0}],
            "missingAssets": 0,
        },
    )
    whole = page + b"".join(data for _, data in parts_of(page))
    assert not re.search(rb"example\.com|api\.example|refresh-1|eyJ", whole)


def test_assets_are_in_it_once_and_those_that_are_missing_are_named(
    filled: FakeStore, terminal: Terminal
) -> None:
    font, picture, other = b"font", b"<svg><script>alert(1)</script></svg>", b"other"
    kept = b"kept with the recording, past the owner's"
    stored = {
        "https://a.example/p.svg": [sha256(picture), "image/svg+xml"],
        "https://a.example/q": [sha256(b"forged"), "image/png"],
        "https://a.example/r": ["../../secret", "image/png"],
        "https://a.example/s": None,
    }
    filled.on(*asset(font))
    filled.on(*asset(picture))
    filled.on("GET", f"/v1/assets/{sha256(b'forged')}", httpx.Response(200, content=other))
    copy = f"/v1/recordings/a/kept/assets/{sha256(kept)}"
    filled.on("GET", copy, httpx.Response(200, content=kept))
    reference = f"url(data:font/woff2;base64,rrweb-asset:{sha256(font)}) rrweb-asset::{'0' * 64}"
    lines = [
        event(0, 2, css=reference),
        event(5, 5, tag="rrweb-store:resources", payload={"stored": stored}),
        event(6, 3, css=reference, gone=f"rrweb-asset:{sha256(b'gone')}"),
        event(7, 3, kept=f"rrweb-asset:{sha256(kept)}"),
    ]
    filled.on(*EVENTS, events_page(ndjson(*lines)))

    said = terminal.run("export", "a", "--html", "out.html")
    parts = parts_of(Path("out.html").read_bytes())

    assert parts[:-1] == [
        (sha256(font), font),
        (sha256(picture), picture),
        (sha256(kept), kept),
        ("events", ndjson(*lines)),
    ]
    assert json.loads(parts[-1][1])["missingAssets"] == 2
    assert said.err.splitlines()[:3] == [
        "Missing in the file: 2 pictures, fonts or style sheets.",
        f"  {sha256(b'forged')}",
        f"  {sha256(b'gone')}",
    ]


def test_a_part_starts_with_the_snapshot_before_it_and_opens_at_its_moment(
    filled: FakeStore, terminal: Terminal
) -> None:
    resources = event(20, 5, tag="rrweb-store:resources", payload={"stored": {}})
    media = event(20, 5, tag="rrweb-store:media", payload={"hover": "none"})
    lines = [event(0, 4), event(1, 2), resources, media, event(30, 5, tag="x"), event(5000, 4)]
    more = [event(5001, 2), event(6000), event(70_000), event(80_000)]
    pages = (
        events_page(ndjson(*lines), more="true", Missing_Sequences="1"),
        events_page(ndjson(*more), more="true", Missing_Sequences="1,7"),
        events_page(ndjson(event(90_000))),
    )
    filled.on(*EVENTS, *pages)

    page = terminal.run("export", "a", "--html", "-", "--from", "6.5", "--to", "1m15s").out
    filled.on(*EVENTS, *pages)
    as_json = terminal.run("export", "a", "--json", "-o", "-", "--from", "6.5", "--to", "1m15s").out
    parts = parts_of(page.encode())
    cut = [{**one, "timestamp": 6000} for one in (resources, media)]
    cut += [event(5000, 4), event(5001, 2), event(6000), event(70_000)]

    assert (parts[0][0], [json.loads(line) for line in parts[0][1].splitlines()]) == ("events", cut)
    assert json.loads(parts[1][1])["atMs"] == 1500
    assert json.loads(parts[1][1])["pages"] == [{"missing": "7", "skipped": 0}]
    assert json.loads(as_json) == cut


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "9"), "--from 0:09.0 is after the end: the recording has 0:02.0"),
        (("--from", "2", "--to", "1"), "--to 0:01.0 must be after --from 0:02.0"),
        (("--from", "yesterday"), "yesterday is no moment of a recording, such as 75"),
        (("--images", "x", "--video", "x.webm"), "choose one of"),
    ],
)
def test_a_part_that_cannot_be_is_refused_and_leaves_no_file(
    filled: FakeStore, terminal: Terminal, options: tuple[str, ...], words: str
) -> None:
    filled.on(*EVENTS, events_page(ndjson(event(0, 2), event(2000))))

    said = terminal.run("export", "a", "--html", "out.html", *options)

    assert (said.code, words in said.err) == (2, True)
    assert [path.name for path in Path().iterdir()] == ["home"]


def test_a_page_over_the_limit_is_refused_with_its_size_and_a_part_that_fits(
    filled: FakeStore, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = events_page(ndjson(event(0, 2), event(60_000)), more="true")
    large = events_page(ndjson(event(99_000, noise=[sha256(bytes([n])) for n in range(200)])))
    monkeypatch.setattr(one_file, "MAX_FILE_BYTES", 2_000)
    filled.on(*EVENTS, first, large)

    said = terminal.run("export", "a", "--html", "out.html")

    assert said.code == 2
    assert re.search(r"the page would have 0\.0 MB, more than .*--from 0 --to 54\b", said.err)
    assert [path.name for path in Path().iterdir()] == ["home"]


def interrupted(_: httpx.Request) -> httpx.Response:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("second", "code"), [(interrupted, 130), (problem(404, "Gone"), 4)])
def test_a_page_that_is_not_finished_is_no_file_and_one_that_is_there_stays(
    filled: FakeStore, terminal: Terminal, second: httpx.Response, code: int
) -> None:
    Path("mine.html").write_text("mine", encoding="utf-8")
    filled.on(*EVENTS, events_page(ndjson(event(0, 2)), more="true"), second)

    assert terminal.run("export", "a", "--html", "mine.html").code == 2
    assert terminal.run("export", "a", "--html", "mine.html", "--force").code == code
    assert sorted(path.name for path in Path().iterdir()) == ["home", "mine.html"]
    assert Path("mine.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("recording", ["../../etc/passwd", "a/../b", "shop/..%2Fa", "a\0b", ""])
def test_an_id_that_is_a_path_is_refused_before_anything_is_asked(
    filled: FakeStore, terminal: Terminal, recording: str
) -> None:
    assert terminal.run("export", recording, "--html", "out.html").code == 2
    assert filled.asked == []
    assert [path.name for path in Path().iterdir()] == ["home"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(200, content=b"<!doctype html>"),
        httpx.Response(200, content=PLACE.replace(b"1", b"2")),
    ],
)
def test_a_site_without_a_template_of_this_format_is_told_apart(
    filled: FakeStore, terminal: Terminal, answer: httpx.Response
) -> None:
    filled.on("GET", f"/{TEMPLATE_FILE}", answer)

    said = terminal.run("export", "a", "--html", "out.html")

    assert said.code == 1
    assert "install the version of rrweb-store that belongs to the release" in said.err
    assert not Path("out.html").exists()


@pytest.mark.parametrize("option", [("--images", "x"), ("--video", "x.webm")])
def test_without_a_browser_pictures_and_films_say_what_to_install(
    filled: FakeStore,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, str],
) -> None:
    monkeypatch.setenv("PATH", str(Path.cwd()))
    monkeypatch.delenv("CHROMIUM", raising=False)

    said = terminal.run("export", "a", *option)

    assert (said.code, "install Chromium" in said.err, filled.asked) == (7, True, [])


def test_the_format_is_the_sites_and_tells_all_that_recorders_say() -> None:
    source = (PROJECT / "web/site/src/one-file/format.ts").read_text(encoding="utf-8")
    schemas = CONTRACT["components"]["schemas"]
    recorded = {
        *schemas["NewSiteRecording"]["properties"],
        *schemas["RecordingFacts"]["properties"],
    }

    assert f"TEMPLATE_FILE = '{TEMPLATE_FILE}'" in source
    assert f"PLACE = '{PLACE.decode()}'" in source
    assert f"MAX_FILE_BYTES = {MAX_FILE_BYTES:_};" in source
    listed = source.split("TOLD = [")[1].split("]")[0]
    assert re.findall(r"'(\w+)'", listed) == list(TOLD)
    assert set(TOLD) == recorded | {"recordingId", "createdAtMs"}
