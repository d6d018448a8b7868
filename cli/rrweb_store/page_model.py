"""PageModel: as much of the recorded page as it takes to name what a person clicked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from rrweb_store.events import Event
from rrweb_store.json_values import object_of, objects_of, text_of

FULL_SNAPSHOT = 2
INCREMENTAL = 3
MUTATION = 0
# Kinds of nodes: rrweb-snapshot's NodeType.
_ELEMENT = 2
_TEXT = 3

MOST_NAME = 60
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
class _Node:
    tag: str = ""
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    text: str = ""
    parent: int | None = None
    children: list[int] = field(default_factory=list[int])


class PageModel:
    """Elements and texts by rrweb's ids, kept up to date by `see`."""

    def __init__(self) -> None:
        self._nodes: dict[int, _Node] = {}

    def see(self, event: Event) -> None:
        """Take what an event changes. What has no known shape changes nothing."""
        data = object_of(event.get("data"))
        if event["type"] == FULL_SNAPSHOT:
            self._nodes.clear()
            self._add(data.get("node"), None)
        elif event["type"] == INCREMENTAL and data.get("source") == MUTATION:
            self._mutate(data)

    def attribute(self, id_: object, name: str) -> str:
        """Return an attribute's text; empty without."""
        node = self._nodes.get(id_) if isinstance(id_, int) else None
        return text_of(node.attributes.get(name)) if node else ""

    def tag(self, id_: object) -> str:
        node = self._nodes.get(id_) if isinstance(id_, int) else None
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

    def _role(self, node: _Node) -> str:
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
            node = self._node(one.get("id"))
            if node:
                node.attributes.update(object_of(one.get("attributes")))
        for one in objects_of(data.get("texts")):
            node, value = self._node(one.get("id")), one.get("value")
            if node and isinstance(value, str):
                node.text = value[: 4 * MOST_NAME]

    def _node(self, id_: object) -> _Node | None:
        return self._nodes.get(id_) if isinstance(id_, int) else None

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
            node = _Node(
                tag=tag if given.get("type") == _ELEMENT and isinstance(tag, str) else "",
                attributes=object_of(given.get("attributes")),
                # Longer ones are no names; styles and scripts would fill the memory.
                text=text[: 4 * MOST_NAME]
                if given.get("type") == _TEXT and isinstance(text, str)
                else "",
                parent=parent_id,
            )
            self._nodes[id_] = node
            parent_node = self._nodes.get(parent_id) if parent_id is not None else None
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
