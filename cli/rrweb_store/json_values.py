"""Values of JSON that any client may have written: each is what was asked for, or nothing."""

import json
from typing import Any, cast


def object_of(value: object) -> dict[str, Any]:
    """Return a JSON object; an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """Return a JSON array; an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def objects_of(value: object) -> list[dict[str, Any]]:
    """Return the objects of a JSON array."""
    return [object_of(cast("object", one)) for one in list_of(value) if isinstance(one, dict)]


def text_of(value: object) -> str:
    """Return a text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def shown(value: object) -> str:
    """Return a value in words; an object or an array only as a mark, however deep it is.

    >>> shown("a"), shown(2.5), shown(None), shown({"a": 1})
    ('a', '2.5', 'null', '…')
    """
    if isinstance(value, str):
        return value
    return json.dumps(value) if value is None or isinstance(value, int | float) else "…"


def number_of(value: object, otherwise: float = 0.0) -> float:
    """Return a number that JavaScript could have counted to.

    >>> number_of(2), number_of(float("nan")), number_of(True), number_of(10**400)
    (2.0, 0.0, 0.0, 0.0)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    return float(value) if abs(value) < 2**53 else otherwise
