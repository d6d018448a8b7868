"""References inside an OpenAPI document."""

from typing import Any

# JSON, whose shape OpenAPI defines.
Document = dict[str, Any]


def resolved(document: Document, value: Document) -> Document:
    """Return what a `$ref` into the document stands for, or the value itself if it is none.

    >>> resolved({"schemas": {"A": {"type": "string"}}}, {"$ref": "#/schemas/A"})
    {'type': 'string'}
    """
    while "$ref" in value:
        place: Any = document
        for key in value["$ref"].removeprefix("#/").split("/"):
            place = place[key.replace("~1", "/").replace("~0", "~")]
        value = place
    return value
