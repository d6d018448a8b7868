"""Role of an element, as HTML and its own attribute say.

https://www.w3.org/TR/html-aam-1.0/
"""

from rrweb_store.json_values import text_of
from rrweb_store.page_model import Node

FIELDS = ("input", "textarea", "select")
_ROLES = {
    "article": "article",
    "aside": "complementary",
    "button": "button",
    "dialog": "dialog",
    "fieldset": "group",
    "figure": "figure",
    "footer": "contentinfo",
    "form": "form",
    "header": "banner",
    "hr": "separator",
    "img": "img",
    "li": "listitem",
    "main": "main",
    "math": "math",
    "menu": "list",
    "meter": "meter",
    "nav": "navigation",
    "ol": "list",
    "optgroup": "group",
    "option": "option",
    "output": "status",
    "progress": "progressbar",
    "search": "search",
    "table": "table",
    "td": "cell",
    "textarea": "textbox",
    "th": "columnheader",
    "tr": "row",
    "ul": "list",
    **{f"h{level}": "heading" for level in range(1, 7)},
}
_INPUT_ROLES = {
    "button": "button",
    "checkbox": "checkbox",
    "email": "textbox",
    "image": "button",
    "number": "spinbutton",
    "radio": "radio",
    "range": "slider",
    "reset": "button",
    "search": "searchbox",
    "submit": "button",
    "tel": "textbox",
    "text": "textbox",
    "url": "textbox",
}
# Types that have no role: a label finds them.
WITHOUT_ROLE = {
    "color",
    "date",
    "datetime-local",
    "file",
    "hidden",
    "month",
    "password",
    "time",
    "week",
}
_ATTRIBUTE_ROLES = {
    *_ROLES.values(),
    *_INPUT_ROLES.values(),
    "alert",
    "alertdialog",
    "combobox",
    "grid",
    "gridcell",
    "link",
    "listbox",
    "menu",
    "menubar",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "radiogroup",
    "region",
    "rowheader",
    "scrollbar",
    "switch",
    "tab",
    "tablist",
    "tabpanel",
    "toolbar",
    "tooltip",
    "tree",
    "treegrid",
    "treeitem",
}
NAMED_BY_CONTENT = {
    "button",
    "cell",
    "checkbox",
    "columnheader",
    "gridcell",
    "heading",
    "link",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "option",
    "radio",
    "rowheader",
    "switch",
    "tab",
    "tooltip",
    "treeitem",
}
# What a person acts on.
ACTING = {
    "button",
    "checkbox",
    "combobox",
    "link",
    "listbox",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "option",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
    "treeitem",
}


def role_of(node: Node) -> str:
    """Return a role of ARIA; empty for an element without meaning."""
    said = text_of(node.attributes.get("role")).lower().split()
    if said and said[0] in _ATTRIBUTE_ROLES:
        return said[0]
    return "" if said and said[0] in ("none", "presentation") else _role_in_html(node)


def _role_in_html(node: Node) -> str:
    has = node.attributes.get
    match node.tag:
        case "a" | "area":
            role = "" if has("href") is None else "link"
        case "input":
            kind = input_type(node)
            has_list = kind in ("text", "email", "tel", "url", "search") and has("list") is not None
            role = "combobox" if has_list else _INPUT_ROLES.get(kind, "")
        case "select":
            several = has("multiple") is not None or text_of(has("size")) not in ("", "0", "1")
            role = "listbox" if several else "combobox"
        case "img":
            role = "" if has("alt") == "" else "img"
        case "section":
            role = "region" if has("aria-label") or has("aria-labelledby") else ""
        case _:
            role = _ROLES.get(node.tag, "")
    return role


def input_type(node: Node) -> str:
    """Return the kind of an `input`.

    >>> input_type(Node(tag="input", attributes={"type": "EMAIL"})), input_type(Node(tag="input"))
    ('email', 'text')
    """
    kind = text_of(node.attributes.get("type")).lower()
    return kind if kind in _INPUT_ROLES or kind in WITHOUT_ROLE else "text"
