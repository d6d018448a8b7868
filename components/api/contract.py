"""An OpenAPI document: its operations, and the references inside it."""

from collections.abc import Iterator
from typing import Any

# JSON, whose shape OpenAPI defines; every value is checked where it is used.
Document = dict[str, Any]

VERBS = ("get", "put", "post", "delete", "options", "head", "patch")


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield (path, verb, operation) for each operation of the document."""
    for path, item in document["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield path, verb, item[verb]


def operation_of(document: Document, operation_id: str) -> Document:
    """Return the operation of that operationId.

    >>> operation_of({"paths": {"/a": {"get": {"operationId": "getA"}}}}, "getB")
    Traceback (most recent call last):
    ...
    ValueError: the contract has no operation getB

    Raises:
        ValueError: The document has none.
    """
    for _, _, operation in operations(document):
        if operation["operationId"] == operation_id:
            return operation
    raise ValueError(f"the contract has no operation {operation_id}")


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
