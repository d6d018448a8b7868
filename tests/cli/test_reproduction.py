"""A Playwright test from a recording: what a person did, and valid whatever the recording holds."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rrweb_store.reproduction import reproduction
from sandbox.program import PROJECT
from tests.cli.recorded import Event, Node, click, did, element, meta, snapshot, text, told, typed

SHOP = "https://shop.example"
PAGE = snapshot(
    10,
    element(10, "button", element(11, "span", text(12, "Add to cart"))),
    element(13, "label", text(14, "Email"), for_="mail"),
    element(15, "input", type="email", id="mail"),
    element(16, "label", element(17, "input", type="checkbox"), text(18, "Gift")),
    element(19, "select", element(20, "option", text(21, "Green"), value="g"), aria_label="Tea"),
    element(22, "button", text(23, "Delete"), data_testid="delete-1"),
    element(24, "button", text(25, "Delete")),
    element(26, "div", element(27, "div", text(28, "*** ****"), role="button"), id="menu"),
    element(29, "input", type="password", placeholder="Password"),
    element(30, "iframe", {"type": 0, "id": 31, "childNodes": [
        element(32, "html", element(33, "button", text(34, "Pay")))]}, title="Checkout"),
    element(35, "a", text(36, "Home"), href="/"),
)  # fmt: skip


PAY = 'getByRole("button", { name: "Pay", exact: true })'


def focus(at: float, id_: int) -> Event:
    return did(at, 2, type=5, id=id_)


def body(*events: Event, **options: Any) -> list[str]:
    """Return the steps of a test, without the first page and what is around them."""
    lines = reproduction((meta(0, f"{SHOP}/teas"), PAGE, *events), "a", **options)
    start = next(n for n, line in enumerate(lines) if line.startswith("test("))
    return [line.strip() for line in lines[start + 1 : -1]]


def steps(*events: Event) -> list[str]:
    opened, *rest = body(*events)
    assert opened == 'await page.goto("/teas");'
    return rest


def test_a_visit_becomes_a_whole_test() -> None:
    events = (
        meta(0, f"{SHOP}/teas"),
        PAGE,
        click(2000, 12),
        told(2100, "error", message="no such tea", source="a.js", line=3),
        meta(3000, f"{SHOP}/cart"),
    )

    assert reproduction(events, "recording shop/a") == [
        "// Made from a recording. Strings and comments hold what a page and its visitor said:",
        "// read them before you run this. The page is reached at baseURL.",
        'import { expect, test } from "@playwright/test";',
        "",
        'test.use({ baseURL: "https://shop.example", viewport: { width: 1280, height: 720 } });',
        "",
        'test("recording shop/a", async ({ page }) => {',
        '  await page.goto("/teas");',
        '  await page.getByRole("button", { name: "Add to cart", exact: true }).click();',
        "  // 0:02.1 error: no such tea (a.js:3)",
        '  await expect(page).toHaveURL((url) => url.pathname === "/cart");',
        "});",
    ]


@pytest.mark.parametrize(
    ("id_", "found"),
    [
        (15, 'page.getByRole("textbox", { name: "Email", exact: true })'),
        (22, 'page.getByTestId("delete-1")'),
        (24, 'page.locator("html > body > button:nth-of-type(3)")'),
        (28, 'page.locator("[id=\\"menu\\"] > div")'),
        (34, f'page.frameLocator("html > body > iframe").{PAY}'),
        (36, 'page.getByRole("link", { name: "Home", exact: true })'),
    ],
)  # fmt: skip
def test_an_element_is_found_as_a_person_would_if_only_one_is_so(id_: int, found: str) -> None:
    assert steps(click(2000, id_)) == [f"await {found}.click();"]


def test_input_is_filled_once_and_a_masked_value_is_a_placeholder() -> None:
    typing = [typed(at, 15, "a@b.example"[: at - 2000]) for at in range(2001, 2012)]

    assert steps(click(1990, 15), focus(1991, 15), *typing) == [
        'await page.getByRole("textbox", { name: "Email", exact: true }).fill("a@b.example");'
    ]
    assert steps(focus(1991, 29), typed(2000, 29, "*****")) == [
        "// The value was masked, with 5 characters: put one that fits.",
        'await page.locator("html > body > input:nth-of-type(2)").fill("placeholder");',
    ]


def test_boxes_are_checked_and_options_chosen_without_the_clicks_that_did_it() -> None:
    tea = 'page.getByRole("combobox", { name: "Tea", exact: true })'

    assert steps(click(2000, 17), typed(2001, 17, "on", is_checked=True)) == [
        'await page.getByRole("checkbox", { name: "Gift", exact: true }).check();'
    ]
    assert steps(click(2000, 19), focus(2001, 19), typed(2500, 19, "g")) == [
        f'await {tea}.selectOption("g");'
    ]
    assert steps(focus(2001, 19), did(2500, 5, id=19, text="*", isChecked=False, selected=[2])) == [
        f"await {tea}.selectOption([{{ index: 2 }}]);"
    ]


def test_double_and_right_clicks_and_the_window() -> None:
    double = did(2200, 2, type=4, id=10)
    button = 'page.getByRole("button", { name: "Add to cart", exact: true })'

    assert steps(
        click(2000, 10),
        click(2100, 10),
        double,
        did(2300, 2, type=3, id=10),
        did(2400, 4, width=800, height=600),
    ) == [
        f"await {button}.dblclick();",
        f'await {button}.click({{ button: "right" }});',
        "await page.setViewportSize({ width: 800, height: 600 });",
    ]


def test_a_field_that_a_script_clears_after_a_press_elsewhere_is_no_step() -> None:
    press = did(2100, 2, type=1, id=12)

    assert steps(
        focus(1900, 15), typed(2000, 15, "x"), press, click(2101, 12), typed(2102, 15, "")
    )[1:] == [
        'await page.getByRole("button", { name: "Add to cart", exact: true }).click();',
        '// 0:02.1 a script or the browser fills field "#mail"',
    ]


def test_what_a_script_fills_is_no_step() -> None:
    assert steps(focus(1900, 29), typed(2000, 15, "")) == [
        '// 0:02.0 a script or the browser fills field "#mail"'
    ]


def test_a_page_after_an_input_is_led_to_by_enter_and_a_page_out_of_the_blue_is_opened() -> None:
    left = told(2100, "left")

    assert steps(focus(1900, 15), typed(2000, 15, "x"), left, meta(2200, f"{SHOP}/s?q=x"))[1:] == [
        "// Enter is guessed: the recording does not tell keys.",
        'await page.keyboard.press("Enter");',
        'await expect(page).toHaveURL((url) => url.pathname + url.search + url.hash === "/s?q=x");',
    ]
    assert steps(left, meta(2200, f"{SHOP}/b"), left, meta(2300, f"{SHOP}/b")) == [
        'await page.goto("/b");',
        "await page.reload();",
    ]
    assert steps(meta(2200, f"{SHOP}/teas")) == ["// Nothing was done here."][:0]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("https://pay.example/x", 'await page.goto("https://pay.example/x");'),
        (f"{SHOP}//evil.example/", f'await page.goto("{SHOP}//evil.example/");'),
        (f"{SHOP}/\\evil.example/", f'await page.goto("{SHOP}/\\\\evil.example/");'),
        ("javascript:alert(1)", "// The recorded address is none of the web: javascript:alert(1)"),
        ("file:///etc/passwd", "// The recorded address is none of the web: file:///etc/passwd"),
        ("https://a@evil.example/", None),
        ("https://[bad", None),
        ("x\nawait page.close();", None),
    ],
)
def test_only_addresses_of_the_web_are_opened(address: str, line: str | None) -> None:
    (found,) = steps(meta(60_000, address))

    assert found == line or (line is None and found.startswith("// The recorded address is none"))


def test_a_range_starts_at_the_page_of_then_and_ends_there() -> None:
    later = (meta(5000, f"{SHOP}/cart"), {**PAGE, "timestamp": 5001}, click(6000, 10))

    assert body(click(2000, 36), *later, click(9000, 36), from_ms=5500, to_ms=7000) == [
        'await page.goto("/cart");',
        'await page.getByRole("button", { name: "Add to cart", exact: true }).click();',
    ]


def test_a_click_on_nothing_known_is_a_comment() -> None:
    assert (
        steps(click(2000, 999), click(2000, "x"))
        == ["// 0:02.0 a click on something that the recording does not have"] * 2
    )


@pytest.mark.parametrize("events", [(), (meta(0, ""),), (PAGE,)])
def test_a_recording_of_nearly_nothing_is_a_test_of_nothing(events: tuple[Event, ...]) -> None:
    assert reproduction(events, "a")[-3:-1] == [
        'test("a", async ({ page }) => {',
        "  // Nothing was done here.",
    ]


# -- hostile recordings ----------------------------------------------------------------------------

# A string of JSON, without any character that is no part of a line.
_STRING = r'"(?:[^"\\\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]|\\["\\nrtbf/]|\\u[0-9a-f]{4})*"'
_FOUND = (
    rf"page(?:\.frameLocator\({_STRING}\))*\.(?:getByRole\({_STRING}, \{{ name: {_STRING},"
    rf" exact: true \}}\)|getByLabel\({_STRING}, \{{ exact: true \}}\)|getByTestId\({_STRING}\)"
    rf"|locator\({_STRING}\))"
)
_DOES = (
    r"(?:click\(\)|dblclick\(\)|click\(\{ button: \"right\" \}\)|check\(\)|uncheck\(\)"
    rf"|fill\({_STRING}\)|setInputFiles\(\[\]\)|selectOption\({_STRING}\)"
    r"|selectOption\(\[[{}a-z0-9:, ]*\]\))"
)
_LINE = re.compile(
    r"(?:  )?//[^\n\r\u2028\u2029]*|"
    rf"  await (?:{_FOUND}\.{_DOES}|page\.goto\({_STRING}\)|page\.reload\(\)"
    r'|page\.keyboard\.press\("Enter"\)|page\.setViewportSize\(\{ width: \d+, height: \d+ \}\)'
    rf"|expect\(page\)\.toHaveURL\(\(url\) => [a-z.+ ]+ === {_STRING}\));|"
    rf"import \{{ (?:expect, )?test \}} from {_STRING};|test\.use\(\{{ .* \}}\);|\}}\);||"
    rf"test\({_STRING}, async \(\{{ page \}}\) => \{{"
)
texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["`${x}`", "*/", '"); evil(); ("', "\\", "\\\n", "\u2028x", "</script>", "**"]),
)


def tag_of(tag: str, id_: str, name: str, children: list[Any]) -> Node:
    attributes = {"id": id_, "aria-label": name, "data-testid": id_, "type": name}
    return {"type": 2, "tagName": tag, "attributes": attributes, "childNodes": children}


tags = st.sampled_from(["button", "input", "select", "iframe", "div", "a", "label", 'x"y'])
nodes: Any = st.recursive(
    st.builds(text, st.just(0), texts),
    lambda inner: st.builds(tag_of, tags, texts, texts, st.lists(inner, max_size=3)),
    max_leaves=8,
)


def numbered(children: list[Any]) -> Event:
    """Return a snapshot, whose nodes have the numbers from 100 on."""
    count = 99

    def number(node: Node) -> Node:
        nonlocal count
        count += 1
        mine = count
        return {**node, "id": mine, "childNodes": list(map(number, node.get("childNodes", ())))}

    return snapshot(10, *(number(one) for one in children))


def clicked(id_: int, kind: int) -> Event:
    return did(20, 2, id=id_, type=kind)


def filled(id_: int, value: str, is_checked: bool) -> Event:
    return did(30, 5, id=id_, text=value, isChecked=is_checked, selected=[1])


def said(message: str) -> Event:
    return told(50, "error", message=message)


def resized(width: float) -> Event:
    return did(60, 4, width=width, height=width)


def broken(data: object) -> Event:
    return {"type": 3, "timestamp": 70, "data": data}


ids = st.integers(100, 110)
addresses = st.one_of(texts, texts.map(f"{SHOP}/{{}}".format))
actions = st.one_of(
    st.builds(clicked, ids, st.integers()),
    st.builds(filled, ids, texts, st.booleans()),
    st.builds(meta, st.just(40), addresses),
    st.builds(said, texts),
    st.builds(resized, st.floats()),
    st.builds(broken, st.one_of(st.none(), texts)),
)


@pytest.fixture(scope="module")
def syntax_errors() -> Iterator[Any]:
    """Return a function that says what esbuild finds wrong with a program in TypeScript."""
    script = (
        'const { transformSync } = require("esbuild");'
        'require("readline").createInterface({ input: process.stdin }).on("line", (line) => {'
        'let said = ""; try { transformSync(JSON.parse(line), { loader: "ts" }); }'
        "catch (error) { said = String(error); } console.log(JSON.stringify(said)); });"
    )
    running = subprocess.Popen(
        ["node", "-e", script],
        cwd=PROJECT / "web",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdin is not None
    assert running.stdout is not None
    written, read = running.stdin, running.stdout

    def check(code: str) -> str:
        written.write(json.dumps(code) + "\n")
        written.flush()
        return json.loads(read.readline())

    assert check("const x: = 1;")
    yield check
    written.close()
    running.wait(40)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(nodes, max_size=3),
    st.lists(actions, max_size=8),
    texts,
    addresses,
)
def test_whatever_a_recording_holds_the_test_is_typescript_of_known_lines(
    syntax_errors: Any, children: list[Any], events: list[Any], title: str, address: str
) -> None:
    found = [meta(0, address), numbered(children), *events]

    lines = reproduction(found, title)

    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    assert syntax_errors("\n".join(lines)) == ""
