"""The media types that the contract names."""

from collections.abc import Iterator

from components.api.contract import Document, operation_of, operations, resolved

# Its body may arrive as bytes, so no model can know it.
UNVALIDATED = "text/plain"

_TEXT = ("application/json", "application/problem+json", "application/x-ndjson")


def binary_media_types(contract: Document) -> tuple[str, ...]:
    """Return the types whose bodies API Gateway must pass on as bytes, in alphabetical order.

    JSON must not be among them: a template would see base64. `text/plain` is, since a browser sends
    bytes under it without a preflight.
    """
    return tuple(sorted(set(_media_types(contract)) - set(_TEXT)))


def answered_types(contract: Document, operation_id: str) -> tuple[str, ...]:
    """Return the media types in which an operation may answer a success.

    Raises:
        ValueError: The contract has no such operation.
    """
    operation = operation_of(contract, operation_id)
    return tuple(resolved(contract, operation["responses"]["200"])["content"])


def _media_types(contract: Document) -> Iterator[str]:
    for _, _, operation in operations(contract):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            yield from resolved(contract, body).get("content", {})
