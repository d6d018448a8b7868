"""See the page and write a reproduction, as an agent does."""

import re
from typing import Any

import httpx
import pytest

from tests.cli.agent.caller import Agent, text_of
from tests.cli.fake_store import FakeStore, events_page, json_answer
from tests.cli.recorded import click, element, meta, ndjson, snapshot, text

EVENTS = ("GET", "/v1/recordings/a/events")
VISIT = (
    meta(1000, "https://shop.example/teas"),
    snapshot(1010, element(10, "button", text(11, "Add to cart"))),
    click(3000, 11),
)


@pytest.fixture
def visited(store: FakeStore) -> FakeStore:
    store.on(*EVENTS, events_page(ndjson(*VISIT)))
    return store


def test_the_page_is_seen_as_an_outline_and_as_text(visited: FakeStore, agent: Agent) -> None:
    outline = agent.call("see_page", recording="a", atMs=2000)
    found = agent.found("see_page", recording="a", atMs=2000, part="text")["recorded"]

    assert outline.structured_content == {
        "notice": outline.structured_content["notice"],
        "recorded": {**found, "lines": ['- button "Add to cart" [node=10]']},
    }
    assert found == {
        "address": "https://shop.example/teas",
        "title": "Teas",
        "width": 1280,
        "height": 720,
        "lines": ["Add to cart"],
    }
    assert text_of(outline).splitlines()[2:-1] == [
        "address: https://shop.example/teas",
        "title: Teas",
        "window: 1280 × 720",
        '- button "Add to cart" [node=10]',
    ]


@pytest.mark.parametrize("part", ["outline", "text"])
def test_a_long_page_comes_in_parts(store: FakeStore, agent: Agent, part: str) -> None:
    body = [element(n, "p", text(n + 1, f"{n} {'x' * 300}")) for n in range(10, 110, 2)]
    store.on(*EVENTS, events_page(ndjson(meta(1, "https://a.example/"), snapshot(2, *body))))
    found: list[str] = []
    following: dict[str, Any] = {}
    while True:
        answer = agent.found(
            "see_page", recording="a", atMs=9, part=part, maxCharacters=2000, **following
        )
        found += answer["recorded"]["lines"]
        if "next" not in answer:
            break
        following = {"cursor": answer["next"]}

    assert [int(re.sub(r"\D", "", line[:14])) for line in found] == list(range(10, 110, 2))


def test_a_picture_without_a_browser_is_refused_with_what_to_install(
    visited: FakeStore, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited.on("GET", "/v1/recordings/a", json_answer({"recordingId": "a"}))
    visited.on("GET", "/one-file.txt", httpx.Response(200, content=b"a<!--recording 1-->b"))
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")

    refused = agent.refused("see_page", recording="a", atMs=2000, part="picture")

    assert refused == "CHROMIUM is /no/such/browser, which cannot be run"


@pytest.mark.parametrize("events", [(), VISIT[:1], VISIT[2:]])
def test_a_recording_without_a_page_is_told(
    store: FakeStore, agent: Agent, events: tuple[Any, ...]
) -> None:
    store.on(*EVENTS, events_page(ndjson(*events)))

    assert "has no page" in agent.refused("see_page", recording="a", atMs=2000)


def test_a_reproduction_is_written_and_goes_on_with_the_cursor(
    store: FakeStore, agent: Agent
) -> None:
    clicks = [click(3000 + n, 11) for n in range(40)]
    store.on(*EVENTS, events_page(ndjson(*VISIT, *clicks)))

    whole = agent.found("write_reproduction", recording="a")["recorded"]
    first = agent.found("write_reproduction", recording="a", maxCharacters=1500)
    second = agent.found(
        "write_reproduction", recording="a", maxCharacters=50_000, cursor=first["next"]
    )

    assert whole[6] == 'test("recording a, 0:00.0 to the end", async ({ page }) => {'
    assert whole[-2:] == [
        '  await page.getByRole("button", { name: "Add to cart", exact: true }).click();',
        "});",
    ]
    assert first["recorded"] + second["recorded"] == whole
