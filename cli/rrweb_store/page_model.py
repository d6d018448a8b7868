"""PageModel: the recorded page as rrweb's events build it, and how its elements are called."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from rrweb_store.events import Event
from rrweb_store.json_values import list_of, object_of, objects_of, text_of

FULL_SNAPSHOT = 2
INCREMENTAL = 3
# Sources of incremental events: rrweb's IncrementalSource.
MUTATION = 0
INPUT = 5
# Kinds of nodes: rrweb-snapshot's NodeType.
_ELEMENT = 2
_TEXT = 3

MOST_NAME = 60
# Longer texts are no names; those of styles and scripts would fill the memory.
_MOST_TEXT = 4 * MOST_NAME
# Bounds what a hostile page costs: for a name, nodes are looked at up to this number.
_MOST_LOOKED_AT = 200
_CLIMB = 6
_ROLES = {
    "a": "link",
    "button": "button",
    "summary": "button",
    "textarea": "field",
    "select": "list",
    "option": "option",
    "img": "picture",
    "video": "video",
    "audio": "audio",
    "label": "label",
}
_INPUT_ROLES = {
    "submit": "button",
    "button": "button",
    "reset": "button",
    "image": "button",
    "checkbox": "checkbox",
    "radio": "option",
    "range": "slider",
    "file": "file field",
}
_ARIA_ROLES = {"button", "link", "tab", "menuitem", "checkbox", "option", "switch"}
_NAMES = ("aria-label", "alt", "title", "placeholder", "name")


@dataclass
class Node:
    tag: str = ""
    """Empty for a text or a document."""
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    text: str = ""
    parent: int | None = None
    children: list[int] = field(default_factory=list[int])
    value: str | None = None
    """What was typed or chosen since; None as long as nothing was."""
    is_checked: bool | None = None
    display: str | None = None
    """What a script set of its style's `display`; empty for nothing."""


class PageModel:
    """Elements and texts by rrweb's ids, kept up to date by `see`.

    Args:
        most_text: Characters that are kept of each text.
    """

    def __init__(self, most_text: int = _MOST_TEXT) -> None:
        self._nodes: dict[int, Node] = {}
        self._most_text = most_text
        self.root: int | None = None
        """The document of the last full snapshot."""

    def see(self, event: Event) -> None:
        """Take what an event changes. What has no known shape changes nothing."""
        data = object_of(event.get("data"))
        if event["type"] == FULL_SNAPSHOT:
            self._nodes.clear()
            root = object_of(data.get("node")).get("id")
            self.root = root if isinstance(root, int) else None
            self._add(data.get("node"), None)
        elif event["type"] == INCREMENTAL and data.get("source") == MUTATION:
            self._mutate(data)
        elif event["type"] == INCREMENTAL and data.get("source") == INPUT:
            node = self.node(data.get("id"))
            if node:
                node.value = text_of(data.get("text"))[: self._most_text]
                node.is_checked = data.get("isChecked") is True

    def node(self, id_: object) -> Node | None:
        """Return what has an id; None for an id that the page has not."""
        return self._nodes.get(id_) if isinstance(id_, int) else None

    def elements(self) -> Iterator[tuple[int, Node]]:
        """Yield the elements with their ids, in no order."""
        return ((id_, node) for id_, node in self._nodes.items() if node.tag)

    def attribute(self, id_: object, name: str) -> str:
        """Return an attribute's text; empty without."""
        node = self.node(id_)
        return text_of(node.attributes.get(name)) if node else ""

    def tag(self, id_: object) -> str:
        node = self.node(id_)
        return node.tag if node else ""

    def label(self, id_: object) -> str:
        """Return what a person would call the node, such as `button "Add to cart"`."""
        if not isinstance(id_, int) or id_ not in self._nodes:
            return "something"
        at = self._acting(id_)
        node = self._nodes[at]
        role = self._role(node) or node.tag or "text"
        name = self._name(at)
        return f'{role} "{name}"' if name else role

    def _acting(self, id_: int) -> int:
        """Return the element that acts when the node is clicked: itself, or one around it."""
        at: int | None = id_
        for _ in range(_CLIMB):
            node = self._nodes.get(at) if at is not None else None
            if node is None:
                break
            if self._role(node):
                return cast("int", at)
            at = node.parent
        node = self._nodes[id_]
        return id_ if node.tag or node.parent not in self._nodes else node.parent

    def _role(self, node: Node) -> str:
        role = node.attributes.get("role")
        if isinstance(role, str) and role in _ARIA_ROLES:
            return role
        if node.tag == "input":
            kind = node.attributes.get("type")
            return _INPUT_ROLES.get(kind, "field") if isinstance(kind, str) else "field"
        return _ROLES.get(node.tag, "")

    def _name(self, id_: int) -> str:
        node = self._nodes[id_]
        said = [node.attributes.get("aria-label"), self._text(id_)]
        said += [node.attributes.get(name) for name in _NAMES]
        if node.tag == "input" and self._role(node) == "button":
            said.insert(1, node.attributes.get("value"))
        for one in said:
            if isinstance(one, str) and one.strip():
                short = " ".join(one[: 4 * MOST_NAME].split())
                return short if len(short) <= MOST_NAME else f"{short[: MOST_NAME - 1]}…"
        own = node.attributes.get("id")
        return f"#{own[:MOST_NAME]}" if isinstance(own, str) and own else ""

    def _text(self, id_: int) -> str:
        """Return the first texts under a node. A field's and a list's are no name."""
        if self._nodes[id_].tag in ("textarea", "select", "html", "body"):
            return ""
        found: list[str] = []
        ahead = [id_]
        for _ in range(_MOST_LOOKED_AT):
            if not ahead or sum(map(len, found)) > MOST_NAME:
                break
            node = self._nodes.get(ahead.pop())
            if node is None or node.tag in ("script", "style"):
                continue
            found.append(node.text)
            if node.tag == "img":
                found.append(str(node.attributes.get("alt") or ""))
            ahead += reversed(node.children)
        return " ".join(" ".join(found).split())

    # -- changes -----------------------------------------------------------------------------------

    def _mutate(self, data: dict[str, Any]) -> None:
        for one in objects_of(data.get("removes")):
            self._remove(one.get("id"))
        for one in objects_of(data.get("adds")):
            self._add(one.get("node"), one.get("parentId"), one.get("nextId"))
        for one in objects_of(data.get("attributes")):
            node = self.node(one.get("id"))
            if node:
                _change(node, object_of(one.get("attributes")))
        for one in objects_of(data.get("texts")):
            node, value = self.node(one.get("id")), one.get("value")
            if node and isinstance(value, str):
                node.text = value[: self._most_text]

    def _add(self, value: object, parent: object, before: object = None) -> None:
        ahead: list[tuple[dict[str, Any], int | None, object]] = [
            (object_of(value), parent if isinstance(parent, int) else None, before)
        ]
        while ahead:
            given, parent_id, next_id = ahead.pop()
            id_ = given.get("id")
            if not isinstance(id_, int):
                continue
            self._unlink(id_)
            text = given.get("textContent")
            tag = given.get("tagName")
            parent_node = self._nodes.get(parent_id) if parent_id is not None else None
            is_shown = not parent_node or parent_node.tag not in ("style", "script")
            node = Node(
                tag=tag if given.get("type") == _ELEMENT and isinstance(tag, str) else "",
                attributes=object_of(given.get("attributes")),
                text=text[: self._most_text if is_shown else _MOST_TEXT]
                if given.get("type") == _TEXT and isinstance(text, str)
                else "",
                parent=parent_id,
            )
            self._nodes[id_] = node
            if parent_node:
                siblings = parent_node.children
                at = len(siblings)
                if isinstance(next_id, int) and next_id in siblings:
                    at = siblings.index(next_id)
                siblings.insert(at, id_)
            # From the first to the last: each goes to the end of its siblings.
            ahead += [(child, id_, None) for child in reversed(objects_of(given.get("childNodes")))]

    def _unlink(self, id_: int) -> None:
        node = self._nodes.get(id_)
        parent = self._nodes.get(node.parent) if node and node.parent is not None else None
        if parent and id_ in parent.children:
            parent.children.remove(id_)

    def _remove(self, id_: object) -> None:
        if not isinstance(id_, int) or id_ not in self._nodes:
            return
        self._unlink(id_)
        for one in list(self._under(id_)):
            self._nodes.pop(one, None)

    def _under(self, id_: int) -> Iterator[int]:
        ahead = [id_]
        seen: set[int] = set()
        while ahead:
            one = ahead.pop()
            if one not in seen and one in self._nodes:
                seen.add(one)
                yield one
                ahead += self._nodes[one].children


def _change(node: Node, attributes: dict[str, Any]) -> None:
    """Set attributes. Of a style that a script has changed, rrweb tells what is different."""
    style = attributes.get("style")
    if isinstance(style, dict):
        changed = object_of(cast("object", style))
        attributes = {name: value for name, value in attributes.items() if name != "style"}
        if "display" in changed:
            # `!important` makes a pair of it; false says that it was removed.
            display = changed["display"]
            node.display = text_of([*list_of(display), display][0])
    elif "style" in attributes:
        node.display = None
    node.attributes.update(attributes)
