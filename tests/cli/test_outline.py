"""A recorded page as text: its outline by roles and names, and what there is to read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrweb_store.outline import outline, visible_text
from rrweb_store.page_model import PageModel
from rrweb_store.page_moment import page_at
from tests.cli.recorded import Event, Node, did, element, meta, snapshot, text, typed


def lines(*body: Node, then: tuple[Event, ...] = ()) -> list[str]:
    page = PageModel()
    for event in (snapshot(1, *body), *then):
        page.see(event)
    return list(outline(page))


@pytest.mark.parametrize(
    ("node", "line"),
    [
        (element(9, "h2", text(10, " Green\n teas ")), 'heading "Green teas" [level=2]'),
        (element(9, "a", text(10, "Home"), href="/"), 'link "Home" [to="/"] [node=9]'),
        (element(9, "a", text(10, "No link")), "text: No link"),
        (element(9, "img", alt="Cup"), 'img "Cup"'),
        (element(9, "button", disabled=True, aria_label="Buy"), 'button "Buy" [disabled] [node=9]'),
        (element(9, "input", placeholder="Email"), 'textbox "Email" [node=9]'),
        (element(9, "input", value="***"), "textbox [node=9]: ***"),
        (element(9, "input", type="password", value="***"), "password field [node=9]: ***"),
        (element(9, "input", type="checkbox", checked=True), "checkbox [checked] [node=9]"),
        (element(9, "input", type="submit"), 'button "Submit" [node=9]'),
        (element(9, "textarea", text(10, "typed")), "textbox [node=9]: typed"),
        (element(9, "div", text(10, "Tab"), role="tab", aria_selected="true"),
         'tab "Tab" [selected] [node=9]'),
        (element(9, "div", text(10, "a"), element(11, "b", text(12, "b")), text(13, "c")),
         "text: abc"),
        (element(9, "ul", element(10, "li", text(11, "One"))), "list|  - listitem: One"),
        (element(9, "table", element(10, "tr", element(11, "td", text(12, "5 €")))),
         'table|  - row|    - cell "5 €"'),
        (element(9, "button", element(10, "img", alt="x"), text(11, "Say \"hi\"")),
         'button "xSay \\"hi\\"" [node=9]|  - img "x"'),
        (element(9, "iframe", {"type": 0, "id": 10, "childNodes": [text(11, "in")]}, title="Pay"),
         'frame "Pay"|  - text: in'),
    ],
)  # fmt: skip
def test_an_element_has_a_line_with_role_name_and_state(node: Node, line: str) -> None:
    assert lines(node) == f"- {line}".replace("|", "\n").split("\n")


@pytest.mark.parametrize(
    "node",
    [
        element(9, "script", text(10, "x")),
        element(9, "div", text(10, "x"), hidden=""),
        element(9, "div", text(10, "x"), aria_hidden="true"),
        element(9, "div", text(10, "x"), style="color: red; DISPLAY: none !important"),
        element(9, "dialog", text(10, "x")),
        element(9, "input", type="hidden", value="x"),
        element(9, "svg", element(10, "text", text(11, "x"))),
        element(9, "div"),
    ],
)
def test_what_html_hides_has_no_line(node: Node) -> None:
    assert lines(node) == []


def test_a_field_is_named_by_its_label_wherever_it_is() -> None:
    body = (
        element(9, "label", text(10, "Mail"), for_="m"),
        element(11, "input", id="m", type="email"),
        element(12, "label", text(13, "Size"), element(14, "select")),
        element(15, "span", text(16, "Colour"), id="c"),
        element(17, "input", aria_labelledby="c no-such"),
    )

    assert [line for line in lines(*body) if "node" in line] == [
        '- textbox "Mail" [node=11]',
        '- combobox "Size" [node=14]',
        '- textbox "Colour" [node=17]',
    ]


def test_the_outline_follows_what_is_typed_checked_shown_and_changed() -> None:
    body = (
        element(9, "input", aria_label="Name", value="old"),
        element(10, "input", type="checkbox", checked=True),
        element(11, "p", text(12, "Wait"), style="display: none"),
    )
    changes = did(
        4,
        0,
        adds=[{"parentId": 6, "nextId": 9, "node": element(20, "h1", text(21, "New"))}],
        removes=[],
        texts=[{"id": 12, "value": "Done"}],
        attributes=[{"id": 11, "attributes": {"style": {"display": False}}}],
    )

    assert lines(*body, then=(typed(2, 9, "**"), typed(3, 10, "on"), changes)) == [
        '- heading "New" [level=1]',
        '- textbox "Name" [node=9]: **',
        "- checkbox [node=10]",
        "- text: Done",
    ]


@pytest.mark.parametrize(
    ("styles", "shown"),
    [
        ([{"display": "none"}], []),
        ([{"display": ["none", "important"]}], []),
        ([{"display": "none"}, {"color": "red"}], []),
        ([{"display": "none"}, {"display": False}], ["- text: x"]),
        ([{"display": "none"}, "color: red"], ["- text: x"]),
    ],
)
def test_what_a_script_hides_by_a_style_has_no_line(styles: list[Any], shown: list[str]) -> None:
    changes = (
        did(2, 0, attributes=[{"id": 9, "attributes": {"style": style}}]) for style in styles
    )

    assert lines(element(9, "p", text(10, "x")), then=tuple(changes)) == shown


def test_the_text_of_a_page_is_what_there_is_to_read() -> None:
    page = PageModel()
    page.see(
        snapshot(
            1,
            element(9, "h1", text(10, "Teas")),
            element(11, "p", text(12, "We have "), element(13, "b", text(14, "many"))),
            element(15, "input", aria_label="Name", value="secret"),
            element(16, "li", text(17, "Green")),
        )
    )

    assert list(visible_text(page)) == ["Teas", "We have many", "Name", "Green"]


def test_the_page_of_a_moment_is_that_of_the_events_until_then() -> None:
    events = (
        meta(0, "https://a.example/", 800, 600),
        snapshot(10, element(9, "p", text(10, "one")), title="First"),
        did(20, 4, width=700, height=500),
        meta(30, "https://a.example/b"),
        snapshot(40, element(9, "p", text(10, "two"))),
    )

    def seen(at: float) -> list[object]:
        page = page_at(events, at)
        assert page
        return [page.at_ms, page.address, page.title, page.width, *outline(page.model)]

    assert seen(0) == [10, "https://a.example/", "First", 800, "- text: one"]
    assert seen(20) == [20, "https://a.example/", "First", 700, "- text: one"]
    assert seen(99) == [99, "https://a.example/b", "Teas", 1280, "- text: two"]
    assert page_at(events[:1], 99) is None


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers(0, 12) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
hostile_nodes: Any = st.recursive(
    json_values,
    lambda inner: st.fixed_dictionaries(
        {
            "id": st.integers(0, 12) | json_values,
            "type": st.sampled_from([0, 2, 3]),
            "tagName": st.sampled_from(["input", "select", "table", "a", "dialog", "h1"])
            | json_values,
            "textContent": st.text(max_size=4) | json_values,
            "attributes": st.dictionaries(
                st.sampled_from(
                    ["id", "for", "role", "style", "aria-labelledby", "type", "hidden"]
                ),
                json_values,
            )
            | json_values,
            "childNodes": st.lists(inner, max_size=4) | json_values,
        }
    ),
    max_leaves=8,
)


def whole(node: object) -> Event:
    return {"type": 2, "timestamp": 1, "data": {"node": node}}


def changed(node: object, parent: int, change: Event) -> Event:
    added = [{"node": node, "parentId": parent}]
    return did(2, 0, adds=added, attributes=[change], removes=[change])


def filled(id_: int, value: object) -> Event:
    return did(3, 5, id=id_, text=value)


ids = st.integers(0, 12)
changes = st.fixed_dictionaries({"id": ids, "attributes": json_values})
hostile_events = st.one_of(
    st.builds(whole, hostile_nodes),
    st.builds(changed, hostile_nodes, ids, changes),
    st.builds(filled, ids, json_values),
)


@given(st.lists(hostile_events, max_size=5))
def test_whatever_a_page_holds_the_outline_ends(events: list[Event]) -> None:
    page = PageModel()
    for event in events:
        page.see(event)

    assert all(isinstance(line, str) for line in (*outline(page), *visible_text(page)))


def test_a_page_of_10000_nested_elements_has_an_outline() -> None:
    page = PageModel()
    page.see(snapshot(1))
    for id_ in range(100, 10_100):
        add = {"parentId": id_ - 1 if id_ > 100 else 6, "node": element(id_, "ul")}
        page.see(did(2, 0, adds=[add]))

    assert len(list(outline(page))) == 10_000
