"""AccessiblePage: names of elements, as screen readers and Playwright's `getByRole` have them.

A recording has no computed styles, so this follows HTML and the attributes alone.
https://www.w3.org/TR/accname-1.2/
"""

from collections.abc import Iterator
from functools import cached_property

from rrweb_store.aria_roles import FIELDS, NAMED_BY_CONTENT, input_type, role_of
from rrweb_store.json_values import text_of
from rrweb_store.page_model import Node, PageModel

MOST_NAME = 100
# Bound what a hostile page costs.
MOST_DEPTH = 1_000
_MOST_LOOKED_AT = 500

NEVER_SHOWN = ("script", "style", "noscript", "template", "head", "title", "meta", "link")
_WITHOUT_VALUE = ("button", "checkbox", "image", "radio", "reset", "submit")
_BUTTON_NAMES = {"submit": "Submit", "reset": "Reset"}


class AccessiblePage:
    """The page of a model at one moment: make a new one after the model has changed."""

    def __init__(self, model: PageModel) -> None:
        self._model = model

    def name(self, id_: int) -> str:
        """Return the accessible name on one line; empty without one."""
        node = self._model.node(id_)
        if node is None:
            return ""
        return next((one for said in self._names(id_, node) if (one := _line(said))), "")

    def label(self, id_: int) -> str:
        """Return what a field's `label` says; empty without one."""
        node = self._model.node(id_)
        own = text_of(node.attributes.get("id")) if node else ""
        said = [self.text(label) for label in self._labels.get(own, [])] if own else []
        around = next((at for at in self.around(id_) if self._model.tag(at) == "label"), None)
        if around is not None and not said:
            said = [self.text(around)]
        return _line(" ".join(said))

    def is_of_field(self, id_: int, label: Node) -> bool:
        """Return whether a `label` names a field of the page."""
        if self.by_attribute("id", text_of(label.attributes.get("for"))):
            return True
        ahead, looked_at = [id_], 0
        while ahead and looked_at < _MOST_LOOKED_AT:
            looked_at += 1
            node = self._model.node(ahead.pop())
            if node and node.tag in FIELDS:
                return True
            ahead += node.children if node else []
        return False

    def value(self, id_: int) -> str:
        """Return what a field holds, as far as it was recorded; empty for boxes and buttons."""
        node = self._model.node(id_)
        if node is None or (node.tag == "input" and input_type(node) in _WITHOUT_VALUE):
            return ""
        if node.value is not None:
            return _line(node.value)
        if node.tag == "textarea":
            inner = (one for id_ in node.children if (one := self._model.node(id_)))
            return _line(
                text_of(node.attributes.get("value")) or "".join(one.text for one in inner)
            )
        return _line(text_of(node.attributes.get("value")))

    def text(self, id_: int) -> str:
        """Return the text under a node, without that of fields."""
        found: list[str] = []
        ahead = [id_]
        for _ in range(_MOST_LOOKED_AT):
            if not ahead or sum(map(len, found)) > 2 * MOST_NAME:
                break
            node = self._model.node(ahead.pop())
            if node is None or node.tag in (*NEVER_SHOWN, *FIELDS) or self.is_hidden(node):
                continue
            found.append(node.text if not node.tag else "" if node.tag in _INLINE else " ")
            if node.tag == "img":
                found.append(text_of(node.attributes.get("alt")))
            elif node.tag and text_of(node.attributes.get("aria-label")):
                found.append(text_of(node.attributes.get("aria-label")))
                continue
            ahead += reversed(node.children)
        return _line("".join(found))

    def is_hidden(self, node: Node) -> bool:
        """Return whether HTML or the element's own style hides it."""
        has = node.attributes.get
        style = node.display
        if style is None:
            style = _display_in(text_of(has("style")))
        return (
            style == "none"
            or has("hidden") is not None
            or has("aria-hidden") == "true"
            or (node.tag == "dialog" and has("open") is None and has("rr_open_mode") is None)
            or (node.tag == "input" and input_type(node) == "hidden")
        )

    def around(self, id_: int) -> Iterator[int]:
        """Yield the nodes around a node, from the inside out."""
        at = self._model.node(id_)
        for _ in range(MOST_DEPTH):
            if at is None or at.parent is None:
                return
            yield at.parent
            at = self._model.node(at.parent)

    def is_shown(self, id_: int) -> bool:
        """Return whether neither a node nor anything around it is hidden."""
        nodes = (self._model.node(one) for one in (id_, *self.around(id_)))
        return not any(node and (node.tag in NEVER_SHOWN or self.is_hidden(node)) for node in nodes)

    def by_role(self, role: str, name: str) -> list[int]:
        """Return the elements that are shown and have a role and a name."""
        of_role = (id_ for id_, node in self._model.elements() if role_of(node) == role)
        return [one for one in of_role if self.name(one) == name and self.is_shown(one)]

    def by_label(self, label: str) -> list[int]:
        fields = (id_ for id_, node in self._model.elements() if node.tag in FIELDS)
        return [one for one in fields if self.label(one) == label]

    def by_attribute(self, name: str, value: str) -> list[int]:
        return self._attributes(name).get(value, [])

    def _names(self, id_: int, node: Node) -> Iterator[str]:
        has = node.attributes.get
        references = text_of(has("aria-labelledby")).split()[:10]
        ids = [one for name in references for one in self.by_attribute("id", name)[:1]]
        yield " ".join(map(self.text, ids))
        yield text_of(has("aria-label"))
        kind = input_type(node) if node.tag == "input" else ""
        if kind in ("button", "submit", "reset"):
            yield node.value or text_of(has("value")) or _BUTTON_NAMES.get(kind, "")
        if node.tag in ("img", "area") or kind == "image":
            yield text_of(has("alt"))
        if node.tag in FIELDS:
            yield self.label(id_)
        if node.tag in ("fieldset", "table"):
            wanted = "legend" if node.tag == "fieldset" else "caption"
            yield from (self.text(one) for one in node.children if self._model.tag(one) == wanted)
        if node.tag in ("option", "optgroup"):
            yield text_of(has("label"))
        if role_of(node) in NAMED_BY_CONTENT and node.tag not in FIELDS:
            yield self.text(id_)
        yield text_of(has("title"))
        if node.tag in ("input", "textarea"):
            yield text_of(has("placeholder"))

    @cached_property
    def _labels(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for id_, node in self._model.elements():
            field = text_of(node.attributes.get("for")) if node.tag == "label" else ""
            if field:
                found.setdefault(field, []).append(id_)
        return found

    @cached_property
    def _by_attribute(self) -> dict[str, dict[str, list[int]]]:
        return {}

    def _attributes(self, name: str) -> dict[str, list[int]]:
        if name not in self._by_attribute:
            found: dict[str, list[int]] = {}
            for id_, node in self._model.elements():
                value = text_of(node.attributes.get(name))
                if value:
                    found.setdefault(value, []).append(id_)
            self._by_attribute[name] = found
        return self._by_attribute[name]


_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
    *("img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub"),
    *("sup", "time", "u", "var"),
}


def is_inline(node: Node) -> bool:
    """Return whether a node's text goes on in the line of the text around it."""
    return not node.tag or node.tag in _INLINE


def is_masked(text: str) -> bool:
    """Return whether a recorder has put asterisks in place of a text or of some of it.

    >>> is_masked("***** *"), is_masked("Dear ***"), is_masked("5 * 3"), is_masked("*")
    (True, True, False, True)
    """
    return "**" in text or (bool(text.strip()) and not text.replace("*", "").strip())


def _line(text: str) -> str:
    short = " ".join(text[: 4 * MOST_NAME].split())
    return short if len(short) <= MOST_NAME else f"{short[: MOST_NAME - 1]}…"


def _display_in(style: str) -> str:
    """Return the last `display` of a style attribute."""
    for declaration in reversed(style[:2_000].lower().split(";")):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() == "display":
            return value.replace("!important", "").strip()
    return ""
