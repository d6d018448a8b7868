"""How a reproduction puts a value into a field: its lines of Playwright."""

from typing import Any

from rrweb_store.accessible import is_masked
from rrweb_store.json_values import list_of, number_of, text_of
from rrweb_store.page_model import Node
from rrweb_store.safe_text import json_string

_PLACEHOLDERS = {
    "color": "#000000",
    "date": "2026-01-31",
    "datetime-local": "2026-01-31T12:00",
    "email": "person@example.com",
    "month": "2026-01",
    "number": "1",
    "range": "1",
    "tel": "000000",
    "time": "12:00",
    "url": "https://example.com/",
    "week": "2026-W05",
}


def filling_lines(found: str, node: Node, kind: str, data: dict[str, Any]) -> list[str]:
    """Return the lines that put the value of an input event into the field that `found` locates."""
    value = text_of(data.get("text"))
    masked = f"// The value was masked, with {len(value)} characters: put one that fits."
    if kind in ("checkbox", "radio"):
        return [f"await {found}.{'check' if data.get('isChecked') is True else 'uncheck'}();"]
    if kind == "file":
        return ["// A file was chosen: name one that fits.", f"await {found}.setInputFiles([]);"]
    if node.tag == "select":
        chosen = [int(number_of(one)) for one in list_of(data.get("selected"))[:100]]
        if not is_masked(value):
            return [f"await {found}.selectOption({json_string(value)});"]
        indices = ", ".join(f"{{ index: {max(0, one)} }}" for one in chosen or [1])
        guess = [] if chosen else ["// Which option was chosen was masked: put one that fits."]
        return [*guess, f"await {found}.selectOption([{indices}]);"]
    if is_masked(value):
        placeholder = _PLACEHOLDERS.get(kind, "placeholder")
        return [masked, f"await {found}.fill({json_string(placeholder)});"]
    return [f"await {found}.fill({json_string(value)});"]
