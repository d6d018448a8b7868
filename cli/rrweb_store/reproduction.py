"""Reproduction: what a person did, as a Playwright test in TypeScript.

Whatever a recording holds, the test stays what it is: recorded text stands only in strings of JSON
and at the ends of line comments, and neither holds what ends a line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from rrweb_store.accessible import AccessiblePage
from rrweb_store.aria_roles import input_type
from rrweb_store.entry import Entry, clock
from rrweb_store.events import Event
from rrweb_store.filling import filling_lines
from rrweb_store.json_values import number_of, object_of, text_of
from rrweb_store.locators import acting_element, locator
from rrweb_store.logs import since_start
from rrweb_store.page_model import INCREMENTAL, INPUT
from rrweb_store.page_moment import PageMoment, new_page
from rrweb_store.safe_text import json_string, printable
from rrweb_store.timeline import CLICK, CUSTOM, META, MOUSE_INTERACTION, RESIZE, Timeline

_PRESS, _RIGHT_CLICK, _DOUBLE_CLICK, _FOCUS, _TOUCH = 1, 3, 4, 5, 7
_CLICKS = {
    CLICK: "click()",
    _RIGHT_CLICK: 'click({ button: "right" })',
    _DOUBLE_CLICK: "dblclick()",
}
# An action may lead to another page for as long; a later page was opened otherwise.
LEADS_MS = 10_000
# A click that only led to an input is no step of its own.
_SAME_ACTION_MS = 1_000
MOST_STEPS = 300
_MOST_COMMENT = 200
_SCHEMES = ("http", "https")
# Kinds of the timeline that tell what went wrong, or what the page says of it.
_TOLD = ("error", "console error", "failed request", "dead click", "rage click", "event", "gap")


@dataclass
class _Step:
    at_ms: float
    kind: str
    """`click`, `input` or `page`; `other` for what leads to no page."""
    lines: list[str]
    node_id: object = None


@dataclass
class Reproduction:
    """Takes events in order; `lines` is the test of those in the range."""

    title: str
    from_ms: float = 0
    to_ms: float = 2**53
    _page: PageMoment = field(default_factory=new_page)
    _timeline: Timeline = field(default_factory=Timeline)
    _steps: list[_Step] = field(default_factory=list[_Step])
    _origin: str = ""
    _size: tuple[int, int] = (0, 0)
    _is_open: bool = False
    _has_left: bool = False
    _focused: object = None
    _knows_focus: bool = False
    _left_out: int = 0

    def see_all(self, events: Iterable[Event]) -> None:
        for event, start in since_start(events):
            at = float(event["timestamp"]) - start
            if at > self.to_ms:
                break
            self._see(event, at)

    @property
    def lines(self) -> list[str]:
        width, height = self._size
        use = [f"baseURL: {json_string(self._origin)}"] if self._origin else []
        use += [f"viewport: {{ width: {width}, height: {height} }}"] if width and height else []
        steps = [f"  {line}" for step in self._steps for line in step.lines]
        expects = any(line.startswith("  await expect(") for line in steps)
        imported = "expect, test" if expects else "test"
        return [
            "// Made from a recording. Strings and comments hold what a page and its visitor said:",
            "// read them before you run this. The page is reached at baseURL.",
            f'import {{ {imported} }} from "@playwright/test";',
            "",
            *([f"test.use({{ {', '.join(use)} }});", ""] if use else []),
            f"test({json_string(self.title)}, async ({{ page }}) => {{",
            *steps,
            *(["  // Nothing was done here."] if not steps else []),
            *([f"  // {self._left_out} more steps are left out."] if self._left_out else []),
            "});",
        ]

    # -- events ------------------------------------------------------------------------------------

    def _see(self, event: Event, at: float) -> None:
        told = [entry for entry in self._timeline.see(event) if entry.kind in _TOLD]
        data = object_of(event.get("data"))
        before = self._page.address
        is_first = at >= self.from_ms and not self._is_open and event["type"] != META
        if is_first and before:
            self._open(at)
        if event["type"] == INCREMENTAL and at >= self.from_ms:
            self._action(data, at)
        self._page.see(event)
        if event["type"] == META and at >= self.from_ms:
            self._navigation(before, at)
        if event["type"] == CUSTOM and data.get("tag") == "rrweb-store:left":
            self._has_left = True
        if at >= self.from_ms:
            self._tell(told)

    def _tell(self, told: list[Entry]) -> None:
        for entry in told:
            comment = (
                f"// {clock(entry.at_ms)} {entry.kind}: {printable(entry.text, _MOST_COMMENT)}"
            )
            self._add(_Step(entry.at_ms, "other", [comment]))

    def _add(self, step: _Step) -> None:
        if len(self._steps) < MOST_STEPS:
            self._steps.append(step)
        else:
            self._left_out += 1

    @property
    def _last(self) -> _Step | None:
        """Return the last step that may lead to a page."""
        return next((one for one in reversed(self._steps) if one.kind != "other"), None)

    # -- pages -------------------------------------------------------------------------------------

    def _open(self, at: float) -> None:
        """Start at the address that the page has now."""
        self._is_open = True
        self._size = (self._page.width, self._page.height)
        parts = _parts(self._page.address)
        if parts:
            self._origin = f"{parts.scheme}://{parts.netloc}"
        self._add(_Step(at, "page", [self._goto()]))

    def _navigation(self, before: str, at: float) -> None:
        """Take a full snapshot's address: of the same page, or of the next one."""
        address, has_left = self._page.address, self._has_left
        self._has_left = False
        if not self._is_open:
            if address:
                self._open(at)
            return
        if address == before and not has_left:
            return
        last = self._last
        is_led = bool(last) and last.kind in ("click", "input") and at - last.at_ms <= LEADS_MS
        lines: list[str] = []
        if is_led and last and last.kind == "input":
            lines.append("// Enter is guessed: the recording does not tell keys.")
            lines.append('await page.keyboard.press("Enter");')
        if not is_led:
            lines.append("await page.reload();" if address == before else self._goto())
        else:
            lines += self._expected()
        self._add(_Step(at, "page", lines))

    def _goto(self) -> str:
        target = self._target()
        if target is None:
            return (
                f"// The recorded address is none of the web: {printable(self._page.address, 200)}"
            )
        return f"await page.goto({json_string(target)});"

    def _target(self) -> str | None:
        """Return the address as the test names it; None for one that no test may open."""
        parts = _parts(self._page.address)
        if parts is None:
            return None
        path = parts._replace(scheme="", netloc="").geturl() or "/"
        is_here = f"{parts.scheme}://{parts.netloc}" == self._origin
        # After two slashes, or what browsers take for two, another host's name would follow.
        is_path = re.match(r"/(?![/\\])", path) is not None
        return path if is_here and is_path else self._page.address

    def _expected(self) -> list[str]:
        parts = _parts(self._page.address)
        if parts is None:
            return []
        if parts.query or parts.fragment:
            whole = "url.pathname + url.search + url.hash"
            wanted = parts._replace(scheme="", netloc="").geturl()
        else:
            # The recorder leaves queries out unless it was asked to keep them.
            whole, wanted = "url.pathname", parts.path or "/"
        return [f"await expect(page).toHaveURL((url) => {whole} === {json_string(wanted)});"]

    # -- actions -----------------------------------------------------------------------------------

    def _action(self, data: dict[str, Any], at: float) -> None:
        source, id_ = data.get("source"), data.get("id")
        kind = number_of(data.get("type"), -1)
        if source == MOUSE_INTERACTION and kind == _FOCUS:
            self._focused, self._knows_focus = id_, True
        elif source == MOUSE_INTERACTION and kind in (_PRESS, _TOUCH):
            # It takes the focus from a field that a script may then clear. Keys do not.
            self._focused = id_
        elif source == MOUSE_INTERACTION and kind in _CLICKS:
            self._click(kind, id_, at)
        elif source == INPUT:
            self._input(data, at)
        elif source == RESIZE:
            width, height = (
                round(number_of(data.get("width"))),
                round(number_of(data.get("height"))),
            )
            if width > 0 and height > 0:
                line = f"await page.setViewportSize({{ width: {width}, height: {height} }});"
                self._add(_Step(at, "other", [line]))

    def _click(self, kind: int, id_: object, at: float) -> None:
        target = acting_element(self._page.model, id_) if isinstance(id_, int) else None
        found = None if target is None else locator(self._page.model, target)
        if found is None or target is None:
            comment = f"// {clock(at)} a click on something that the recording does not have"
            self._add(_Step(at, "other", [comment]))
            return
        if kind == _DOUBLE_CLICK:
            self._drop_clicks({target}, at, most=2)
        self._add(_Step(at, "click", [f"await {found}.{_CLICKS[kind]};"], target))

    def _drop_clicks(self, ids: set[int], at: float, most: int = 9) -> None:
        """Forget the last clicks on elements, which only led to what comes now."""
        for _ in range(most):
            last = self._last
            is_part = last and last.kind == "click" and at - last.at_ms <= _SAME_ACTION_MS
            if not last or not is_part or last.node_id not in ids:
                return
            self._steps.remove(last)

    def _input(self, data: dict[str, Any], at: float) -> None:
        id_ = data.get("id")
        node = self._page.model.node(id_)
        if node is None or not isinstance(id_, int):
            return
        if not self._is_by_person(id_, at):
            label = printable(self._page.model.label(id_), 80)
            self._add(_Step(at, "other", [f"// {clock(at)} a script or the browser fills {label}"]))
            return
        kind = input_type(node) if node.tag == "input" else ""
        is_checked = data.get("isChecked") is True
        if kind == "radio" and not is_checked:
            return  # the other one of its group says so
        found = locator(self._page.model, id_)
        if found is None:
            return
        self._drop_clicks({id_, *self._labels_of(id_)}, at)
        last = self._last
        if (
            last
            and last.kind == "input"
            and last.node_id == id_
            and kind not in ("checkbox", "radio")
        ):
            self._steps.remove(last)
        self._add(_Step(at, "input", filling_lines(found, node, kind, data), id_))

    def _is_by_person(self, id_: int, at: float) -> bool:
        last = self._last
        near = {id_, *self._labels_of(id_)}
        was_clicked = last and last.node_id in near and at - last.at_ms <= _SAME_ACTION_MS
        return not self._knows_focus or self._focused == id_ or bool(was_clicked)

    def _labels_of(self, id_: int) -> set[int]:
        """Return the labels around and for a field, and the options in it."""
        model = self._page.model
        around = {one for one in AccessiblePage(model).around(id_) if model.tag(one) == "label"}
        own = model.attribute(id_, "id")
        node = model.node(id_)
        inside = set(node.children) if node else set[int]()
        if not own:
            return around | inside
        labels = {
            one for one, label in model.elements() if text_of(label.attributes.get("for")) == own
        }
        return around | inside | {one for one in labels if model.tag(one) == "label"}


_HOST = re.compile(r"[A-Za-z0-9.\-_:\[\]%]{1,260}")


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address of the web; None for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    is_web = parts.scheme in _SCHEMES and _HOST.fullmatch(parts.netloc) is not None
    return parts if is_web else None


def reproduction(
    events: Iterable[Event], title: str, from_ms: float = 0, to_ms: float = 2**53
) -> list[str]:
    """Return the lines of a test that does what a person did in a range of a recording."""
    made = Reproduction(title, from_ms, to_ms)
    made.see_all(events)
    return made.lines
