"""What a person did, from rrweb's events: clicks by the names that the page gives its elements."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rrweb_store.entry import Entry
from rrweb_store.events import Event, is_event
from rrweb_store.page_model import PageModel
from rrweb_store.timeline import Timeline
from sandbox.program import PROJECT

Node = dict[str, Any]


def text(id_: int, content: str) -> Node:
    return {"type": 3, "id": id_, "textContent": content}


def element(id_: int, tag: str, *children: Node, **attributes: Any) -> Node:
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return {
        "type": 2,
        "id": id_,
        "tagName": tag,
        "attributes": named,
        "childNodes": list(children),
    }


def snapshot(*body: Node) -> Event:
    html = element(2, "html", element(3, "body", *body))
    return {"type": 2, "timestamp": 0, "data": {"node": {"type": 0, "id": 1, "childNodes": [html]}}}


def did(at: float, source: int, **data: Any) -> Event:
    return {"type": 3, "timestamp": at, "data": {"source": source, **data}}


def told(at: float, tag: str, **payload: Any) -> Event:
    data = {"tag": f"rrweb-store:{tag}", "payload": payload}
    return {"type": 5, "timestamp": at, "data": data}


def entries(events: Iterable[Event]) -> list[Entry]:
    timeline = Timeline()
    seen = [entry for event in events for entry in timeline.see(event)]
    return [*seen, *timeline.flush()]


def lines(*events: Event) -> list[str]:
    return [f"{entry.at_ms:.0f} {entry.kind}: {entry.text}" for entry in entries(events)]


PAGE = snapshot(
    element(10, "button", element(11, "svg", element(12, "path")), text(13, " Add\n to  cart ")),
    element(14, "a", element(15, "img", alt="Logo"), href="/"),
    element(16, "input", type="checkbox", name="terms"),
    element(17, "input", placeholder="Email", value="x"),
    element(18, "input", type="submit", value="Pay now"),
    element(19, "div", element(20, "p", text(21, "Some words")), role="tab", aria_label="Prices"),
    element(22, "div", element(23, "span", id="empty")),
    element(24, "select", element(25, "option", text(26, "Red")), name="colour"),
    element(27, "script", text(28, "let x = 1;")),
    element(29, "h1", text(30, "word " * 50)),
    element(31, "textarea", text(32, "typed before"), aria_label="Message"),
    element(33, "input", type="radio", name="size"),
)


@pytest.mark.parametrize(
    ("id_", "label"),
    [
        (10, 'button "Add to cart"'),
        (12, 'button "Add to cart"'),
        (13, 'button "Add to cart"'),
        (15, 'picture "Logo"'),
        (14, 'link "Logo"'),
        (16, 'checkbox "terms"'),
        (17, 'field "Email"'),
        (18, 'button "Pay now"'),
        (20, 'tab "Prices"'),
        (23, 'span "#empty"'),
        (22, "div"),
        (24, 'list "colour"'),
        (27, "script"),
        (29, f'h1 "{("word " * 50)[:59]}…"'),
        (31, 'field "Message"'),
        (3, "body"),
        (999, "something"),
        (None, "something"),
        ("10", "something"),
    ],
)
def test_an_element_is_named_as_a_person_would(id_: object, label: str) -> None:
    page = PageModel()
    page.see(PAGE)

    assert page.label(id_) == label


def test_names_follow_the_changes_of_the_page() -> None:
    page = PageModel()
    page.see(PAGE)
    page.see(
        did(
            1,
            0,
            removes=[{"id": 13, "parentId": 10}, {"id": 22, "parentId": 3}],
            adds=[
                {"parentId": 10, "nextId": None, "node": text(40, "Sold out")},
                {"parentId": 10, "nextId": 40, "node": element(41, "b", text(42, "Sorry:"))},
            ],
            texts=[{"id": 21, "value": "Other words"}],
            attributes=[{"id": 19, "attributes": {"aria-label": None, "role": None}}],
        )
    )

    assert page.label(12) == 'button "Sorry: Sold out"'
    assert page.label(20) == 'p "Other words"'
    assert [page.label(22), page.label(23)] == ["something", "something"]


def test_a_click_is_named_by_the_page_as_it_was_clicked() -> None:
    gone = did(20, 0, removes=[{"id": 10, "parentId": 3}], adds=[], texts=[], attributes=[])

    assert lines(PAGE, did(10, 2, type=2, id=12), gone, told(30, "click", kind="rage", id=18)) == [
        '10 click: button "Add to cart"',
        '30 rage click: button "Pay now"',
    ]


def test_typing_and_scrolling_are_one_line_each_at_their_end() -> None:
    events = (
        PAGE,
        *(did(at, 5, id=17, text="*" * at, isChecked=False) for at in (1, 2, 3)),
        did(4, 3, id=17, x=9, y=0),
        *(did(at, 3, id=1, x=0, y=at * 100) for at in (5, 6)),
        did(7, 5, id=17, text="", isChecked=False),
        did(8, 5, id=24, text="red", isChecked=False),
    )

    assert lines(*events) == [
        '3 types: field "Email": ***',
        "6 scroll: to 600 px",
        '7 clears: field "Email"',
        '8 chooses: list "colour": red',
    ]


def test_a_box_is_checked_and_the_other_option_of_a_group_is_not_told() -> None:
    events = (
        did(1, 5, id=16, text="on", isChecked=True),
        did(2, 5, id=16, text="on", isChecked=False),
        did(3, 5, id=33, text="on", isChecked=False),
    )

    assert lines(PAGE, *events) == ['1 checks: checkbox "terms"', '2 unchecks: checkbox "terms"']


def test_what_the_recorder_and_the_page_tell_is_told() -> None:
    failed = {"name": "https://a.example/x", "method": "POST", "status": 500, "timestamp": 6}
    plugin = {"plugin": "rrweb/network@1", "payload": {"requests": [failed]}}
    line = {"level": "error", "trace": [], "payload": ['"it broke"']}
    events = (
        {"type": 4, "timestamp": 0, "data": {"href": "https://a.example/"}},
        told(1, "user", user="ada", traits={"plan": "pro"}),
        told(2, "event", name="paid", properties={"eur": 5, "of": {"a": [1]}}),
        told(3, "click", kind="dead", id=10),
        told(4, "error", kind="error", message="x is not a function", source="a.js", line=3),
        told(5, "vital", name="LCP", value=4200.5, rating="poor"),
        {"type": 6, "timestamp": 6, "data": plugin},
        {"type": 6, "timestamp": 7, "data": {"plugin": "rrweb/console@1", "payload": line}},
        told(8, "left"),
        told(60_008, "end", reason="replaced"),
        told(60_009, "view", width=1),
    )

    assert lines(*events) == [
        "0 page: https://a.example/",
        "1 user: ada (plan: pro)",
        "2 event: paid (eur: 5, of: …)",
        "3 dead click: something",
        "4 error: x is not a function (a.js:3)",
        "5 vital: LCP 4.2 s, poor",
        "6 failed request: POST https://a.example/x → 500, 0 ms",
        "7 console error: it broke",
        "8 leaves: the page",
        "8 idle: nothing for 1 min 0 s",
        "60008 end: another recording goes on in this tab",
    ]


MEMBERS = (
    *("id", "node", "childNodes", "attributes", "adds", "removes", "texts", "parentId", "nextId"),
    *("tag", "payload", "plugin", "requests", "level", "name", "source", "type", "tagName"),
    *("text", "value", "kind", "href", "status", "timestamp"),
)
TAGS = (
    *("rrweb-store:user", "rrweb-store:event", "rrweb-store:click", "rrweb-store:error"),
    *("rrweb-store:vital", "rrweb-store:end", "rrweb/console@1", "rrweb/network@1"),
)


def tagged(tag: str, payload: Any) -> dict[str, Any]:
    return {"tag": tag, "plugin": tag, "payload": payload}


def of_type(type_: int, at: int, data: Any) -> Event:
    return {"type": type_, "timestamp": at, "data": data}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "node",
                    "childNodes",
                    "attributes",
                    "adds",
                    "removes",
                    "texts",
                    "parentId",
                    "nextId",
                    "tag",
                    "payload",
                    "plugin",
                    "requests",
                    "level",
                    "name",
                    "source",
                    "type",
                    "tagName",
                    "text",
                    "value",
                    "kind",
                    "href",
                    "status",
                    "timestamp",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
DATA = st.dictionaries(
    st.sampled_from(["source", "type", "id", "node", "adds", "removes", "texts", "attributes"]),
    JSON | st.integers(0, 8),
    max_size=8,
)
TAGGED = st.builds(
    tagged,
    st.sampled_from(
        [
            "rrweb-store:user",
            "rrweb-store:event",
            "rrweb-store:click",
            "rrweb-store:error",
            "rrweb-store:vital",
            "rrweb-store:end",
            "rrweb/console@1",
            "rrweb/network@1",
        ]
    ),
    JSON,
)


@given(
    st.lists(
        st.builds(
            of_type,
            st.integers(0, 7),
            st.integers(0, 10**13),
            DATA | TAGGED | JSON,
        ).filter(is_event),
        max_size=8,
    )
)
@example([of_type(3, 0, {"source": 7, "type": []})])
@example([of_type(3, 0, {"source": 2, "type": {}, "id": []})])
def test_no_event_of_any_shape_stops_a_timeline(events: list[Event]) -> None:
    assert json.dumps([entry.to_json() for entry in entries([PAGE, *events])])


def test_a_page_that_is_nested_deeply_costs_no_stack() -> None:
    deep = element(50_000, "i")
    for number in range(49_999, 40_000, -1):
        deep = element(number, "i", deep)

    assert lines(snapshot(deep), did(1, 2, type=2, id=50_000)) == ["1 click: i"]


def test_a_real_visit_is_told_click_by_click() -> None:
    session = (PROJECT / "tests" / "data" / "session.ndjson").read_text(encoding="utf-8")

    found = entries(json.loads(line) for line in session.split("\n") if line)

    clicked = [entry.text for entry in found if entry.kind == "click"]
    assert clicked[3:6] == ['checkbox "pilot"', 'button "Log it"', 'button "Up"']
    assert "Geheim" not in str(found)
