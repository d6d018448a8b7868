"""Finding recordings: filters, pages, and where a recording is watched."""

import webbrowser

import pytest

from rrweb_store.filters import moment_ms
from tests.cli.fake_store import FakeStore, Terminal, json_answer

LIST = ("GET", "/v1/sites/shop/recordings")


def page(*ids: str, cursor: str = "") -> dict[str, object]:
    recordings = [{"recordingId": one, "createdAtMs": 5, "hasScreenshot": False} for one in ids]
    more = {"nextCursor": cursor} if cursor else {}
    return {"recordings": recordings, "lookedThrough": 1000, **more}


def test_each_filter_is_sent_as_the_contract_names_it(store: FakeStore, terminal: Terminal) -> None:
    store.on(*LIST, json_answer(page()))

    said = terminal.run(
        *("list", "shop", "--from", "1795000000000", "--to", "2026-11-03", "--page", "/cart?a=b&c"),
        *("--visitor", "v1", "--user", "ada", "--min-duration", "2m", "--errors"),
        *("--failed-requests", "--rage-clicks", "--dead-clicks", "--tag", "plan:pro"),
        *("--event", "signed up", "--browser", "Firefox", "--device", "phone", "-n", "7"),
    )

    assert (said.code, said.err) == (0, "No recording fits.\n")
    assert dict(store.asked[0].url.params) == {
        "from": "1795000000000",
        "to": str(moment_ms("2026-11-04") - 1),
        "page": "/cart?a=b&c",
        "visitor": "v1",
        "user": "ada",
        "minDurationMs": "120000",
        "errors": "true",
        "failedRequests": "true",
        "rageClicks": "true",
        "deadClicks": "true",
        "tag": "plan:pro",
        "event": "signed up",
        "browser": "Firefox",
        "device": "phone",
        "limit": "7",
    }


def test_pages_are_followed_also_empty_ones_until_there_are_enough(
    store: FakeStore, terminal: Terminal
) -> None:
    pages = (page("a", cursor="1"), page(cursor="2"), page("b", "c", cursor="3"), page("d"))
    store.on(*LIST, *map(json_answer, pages))

    said = terminal.run("list", "shop", "-n", "2", "--json")

    assert [(one["recordingId"], one["link"]) for one in said.values] == [
        ("a", "https://replay.example/sites/shop/recordings/a"),
        ("b", "https://replay.example/sites/shop/recordings/b"),
    ]
    assert [one.url.params.get("cursor") for one in store.asked] == [None, "1", "2"]


def test_all_of_them_are_listed_on_request(store: FakeStore, terminal: Terminal) -> None:
    pages = (page("a", cursor="1"), page("b", cursor="2"), page("c"))
    store.on(*LIST, *map(json_answer, pages))

    said = terminal.run("list", "shop", "--all")

    assert [line.split()[-1] for line in said.out.splitlines()] == ["recording", "a", "b", "c"]
    assert store.asked[0].url.params["limit"] == "100"


def test_a_recording_is_named_by_its_link_too(store: FakeStore, terminal: Terminal) -> None:
    found = {"recordingId": "a-1", "createdAtMs": 5, "hasScreenshot": True, "durationMs": 4200}
    store.on("GET", "/v1/sites/shop/recordings/a-1", json_answer(found))

    link = "https://replay.example/sites/shop/recordings/a-1"
    said = terminal.run("show", f"{link}?t=75")

    assert (said.code, "4.2 s" in said.out, link in said.out) == (0, True, True)
    assert terminal.run("show", "shop/a-1", "--json").values == [{**found, "link": link}]


def test_open_opens_the_moment_and_prints_it_where_nothing_opens(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_(url: str) -> bool:
        opened.append(url)
        return len(opened) == 1

    monkeypatch.setattr(webbrowser, "open", open_)

    quiet, printed = terminal.run("open", "shop/a", "--at", "75.25"), terminal.run("open", "b")

    assert opened == [
        "https://replay.example/sites/shop/recordings/a?t=75.2",
        "https://replay.example/recordings/b",
    ]
    assert (quiet.out, printed.out) == ("", f"{opened[1]}\n")
