"""Outline: a recorded page as text, by the roles and names of what is in it.

It follows HTML and the attributes: what a style sheet alone hides is there, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from rrweb_store.accessible import NEVER_SHOWN, AccessiblePage, is_inline
from rrweb_store.aria_roles import ACTING, FIELDS, NAMED_BY_CONTENT, input_type, role_of
from rrweb_store.json_values import text_of
from rrweb_store.page_model import Node, PageModel
from rrweb_store.safe_text import json_string

MOST_TEXT = 1_000
_MOST_INDENT = 12
# Elements without a role that are worth a line.
_OTHERS = {
    "audio": "audio",
    "canvas": "canvas",
    "iframe": "frame",
    "summary": "summary",
    "svg": "",
    "video": "video",
}
_LEVELS = ("1", "2", "3", "4", "5", "6")
_STATES = ("disabled", "readonly", "required")
_ARIA_STATES = ("expanded", "pressed", "selected", "current", "invalid")


@dataclass
class Item:
    """One element with a role, or a text between two of them."""

    depth: int
    role: str
    """Empty for a text."""
    name: str = ""
    states: list[str] = field(default_factory=list[str])
    text: str = ""
    """What a field holds, or the text that an element starts with."""

    @property
    def line(self) -> str:
        """Return the line of the outline."""
        shown = [self.role or "text"]
        if self.name:
            shown.append(json_string(self.name))
        shown += [f"[{state}]" for state in self.states]
        rest = f": {self.text}" if self.text else ""
        return f"{'  ' * min(self.depth, _MOST_INDENT)}- {' '.join(shown)}{rest}"


def outline(model: PageModel) -> Iterator[str]:
    """Yield the lines of the outline."""
    return (item.line for item in items(model))


def visible_text(model: PageModel) -> Iterator[str]:
    """Yield the texts of the page, one a line, without what fields hold."""
    for item in items(model):
        is_field = item.role in _HOLDS_VALUE or "field" in item.role
        if item.name and (is_field or item.role in NAMED_BY_CONTENT or item.role == "img"):
            yield item.name
        if item.text and not is_field:
            yield item.text


def items(model: PageModel) -> Iterator[Item]:
    """Yield what is on the page, in the order of its nodes."""
    pending: Item | None = None
    for item in _Walk(model).items():
        takes_text = pending and pending.role and not (pending.name or pending.text)
        if pending and takes_text and not item.role and item.depth == pending.depth + 1:
            pending.text = item.text
            continue
        if pending:
            yield pending
        pending = item
    if pending:
        yield pending


# What is ahead in a page: a node, its depth and whether its texts are wanted. In place of a node:
# the place between two elements, or the end of a line of text.
_Ahead = tuple[int | Literal["gap", "end"], int, bool]


class _Walk:
    """Goes through a page once, without recursion: a page may nest as deeply as it likes."""

    def __init__(self, model: PageModel) -> None:
        self._model = model
        self._page = AccessiblePage(model)
        self._texts: list[str] = []
        self._ahead: list[_Ahead] = [("end" if model.root is None else model.root, 0, True)]
        self._seen: set[int] = set()

    def items(self) -> Iterator[Item]:
        while self._ahead:
            id_, depth, with_text = self._ahead.pop()
            if id_ == "end":
                yield from self._flushed(depth)
                continue
            node = None if id_ == "gap" else self._model.node(id_)
            if id_ == "gap" or node is None or id_ in self._seen:
                self._texts.append(" ")
                continue
            self._seen.add(id_)
            if not node.tag and not node.children:
                self._texts.append(node.text if with_text else "")
            elif node.tag not in NEVER_SHOWN and not self._page.is_hidden(node):
                yield from self._entered(id_, node, depth, with_text=with_text)

    def _entered(self, id_: int, node: Node, depth: int, *, with_text: bool) -> Iterator[Item]:
        item = _item(self._page, id_, node, depth)
        if item or not is_inline(node):
            yield from self._flushed(depth)
        if item:
            yield item
            with_text = with_text and not (item.name and item.role in NAMED_BY_CONTENT)
            depth += 1
        if item or not is_inline(node):
            self._ahead.append(("end", depth, True))
        if node.tag == "label" and self._page.is_of_field(id_, node):
            with_text = False  # it is the field's name
        if node.tag not in (*FIELDS, "svg"):
            children = reversed(list(self._children(node)))
            self._ahead.extend((one, depth, with_text) for one in children)

    def _children(self, node: Node) -> Iterator[int | Literal["gap"]]:
        """Yield the children of a node. Two elements that touch are seldom one word."""
        yield from node.children[:1]
        for before, child in pairwise(node.children):
            if self._model.tag(before) and self._model.tag(child):
                yield "gap"
            yield child

    def _flushed(self, depth: int) -> Iterator[Item]:
        text = " ".join("".join(self._texts).split())
        self._texts.clear()
        if text:
            shown = text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"
            yield Item(depth=depth, role="", text=shown)


_HOLDS_VALUE = ("textbox", "searchbox", "spinbutton", "slider", "combobox", "listbox")


def _item(page: AccessiblePage, id_: int, node: Node, depth: int) -> Item | None:
    role = role_of(node)
    shown = role or _OTHERS.get(node.tag, "")
    if not role and node.tag == "input":
        shown = f"{input_type(node)} field"
    if not shown:
        return None
    name = page.name(id_)
    if role in NAMED_BY_CONTENT and name.endswith("…"):
        name = ""  # its texts follow in full
    return Item(
        depth=depth,
        role=shown,
        name=name,
        states=_states(id_, node, role),
        text=page.value(id_) if node.tag in FIELDS else "",
    )


def _states(id_: int, node: Node, role: str) -> list[str]:
    has = node.attributes.get
    found: list[str] = []
    if role == "heading":
        level = text_of(has("aria-level")) or node.tag[1:]
        found += [f"level={level}"] if level in _LEVELS else []
    checked = has("checked") is not None if node.is_checked is None else node.is_checked
    if role in ("checkbox", "radio", "switch") and (checked or has("aria-checked") == "true"):
        found.append("checked")
    found += [state for state in _STATES if has(state) not in (None, False)]
    found += [state for state in _ARIA_STATES if text_of(has(f"aria-{state}")) not in ("", "false")]
    if role == "link":
        found.append(f"to={json_string(text_of(has('href'))[:120])}")
    if role in ACTING or node.tag in FIELDS:
        found.append(f"node={id_}")
    return found
