"""Locators: how a Playwright test finds a recorded element, as a person would if that is unique."""

from rrweb_store.accessible import AccessiblePage, is_masked
from rrweb_store.aria_roles import ACTING, FIELDS, role_of
from rrweb_store.json_values import text_of
from rrweb_store.page_model import Node, PageModel
from rrweb_store.safe_text import json_string

_TEST_ID = "data-testid"
_MOST_CSS = 300
_MOST_STEPS = 12
# Roles whose names identify an element, although nobody acts on them.
_NAMED = {*ACTING, "heading", "img", "tabpanel"}


def locator(model: PageModel, id_: int) -> str | None:
    """Return the TypeScript that finds an element; None if the page has none there.

    It is asked for right before the element is used, while the model is the page of that moment.
    """
    page = AccessiblePage(model)
    node = model.node(id_)
    if node is None or not node.tag:
        return None
    return f"{_frame(model, page, id_)}{_found_by(model, page, id_, node)}"


def acting_element(model: PageModel, id_: int) -> int | None:
    """Return the element that a click on a node acts on: one around it with a role, or itself."""
    node = model.node(id_)
    if node is None:
        return None
    page = AccessiblePage(model)
    around = [id_, *page.around(id_)]
    elements = [one for one in around if (found := model.node(one)) and found.tag]
    acting = (one for one in elements[:8] if _acts(model.node(one)))
    return next(acting, elements[0] if elements else None)


def _acts(node: Node | None) -> bool:
    return node is not None and (role_of(node) in ACTING or node.tag in (*FIELDS, "summary"))


def _frame(model: PageModel, page: AccessiblePage, id_: int) -> str:
    """Return the page, or the frame in it that holds an element."""
    frames = [one for one in page.around(id_) if model.tag(one) in ("iframe", "frame")]
    inner = (f".frameLocator({json_string(_css(model, page, one))})" for one in reversed(frames))
    return f"page{''.join(inner)}"


def _found_by(model: PageModel, page: AccessiblePage, id_: int, node: Node) -> str:
    role, name = role_of(node), page.name(id_)
    if role in _NAMED and _identifies(name) and page.by_role(role, name) == [id_]:
        return f".getByRole({json_string(role)}, {{ name: {json_string(name)}, exact: true }})"
    label = page.label(id_) if node.tag in FIELDS else ""
    if _identifies(label) and page.by_label(label) == [id_]:
        return f".getByLabel({json_string(label)}, {{ exact: true }})"
    test_id = text_of(node.attributes.get(_TEST_ID))
    if _identifies(test_id) and page.by_attribute(_TEST_ID, test_id) == [id_]:
        return f".getByTestId({json_string(test_id)})"
    return f".locator({json_string(_css(model, page, id_))})"


def _identifies(text: str) -> bool:
    """Return whether a text is whole and not masked, so that the page itself has it, too."""
    return bool(text) and not text.endswith("…") and not is_masked(text)


def _css(model: PageModel, page: AccessiblePage, id_: int) -> str:
    """Return a selector: from the nearest element with an id of its own, by place."""
    steps: list[str] = []
    at = id_
    for _ in range(_MOST_STEPS):
        node = model.node(at)
        if node is None or not node.tag:
            break
        own = text_of(node.attributes.get("id"))
        if _identifies(own) and len(own) < _MOST_CSS and page.by_attribute("id", own) == [at]:
            steps.append(f"[id={_css_string(own)}]")
            break
        steps.append(_step(model, at, node))
        if node.parent is None:
            break
        at = node.parent
    return " > ".join(reversed(steps))


def _step(model: PageModel, id_: int, node: Node) -> str:
    tag = node.tag if node.tag.replace("-", "").isalnum() and node.tag.isascii() else "*"
    parent = model.node(node.parent)
    siblings = parent.children if parent else []
    alike = [one for one in siblings if model.tag(one) == node.tag]
    if len(alike) < 2 or id_ not in alike or tag == "*":
        return tag
    return f"{tag}:nth-of-type({alike.index(id_) + 1})"


def _css_string(text: str) -> str:
    r"""Return a string of CSS: https://www.w3.org/TR/cssom-1/#serialize-a-string.

    >>> print(_css_string('a"b\n'))
    "a\"b\a "
    """
    escaped = (
        f"\\{ord(one):x} " if ord(one) < 0x20 or ord(one) == 0x7F else one
        for one in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{"".join(escaped)}"'
