"""Which headers a page of another origin may send and read, derived from the contract."""

from collections.abc import Iterator

from components.api.contract import Document, resolved

# A contract cannot declare these as parameters: OpenAPI has other means for the first two.
# https://spec.openapis.org/oas/v3.0.3#parameter-object
ALWAYS_SENT = ("Authorization", "Content-Type", "Content-Encoding")
# API Gateway's own header on every answer; with Last-Modified it gives the age of an object.
ALWAYS_READ = ("Date",)
# A page may read these without permission.
# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED = frozenset(
    {
        *("Cache-Control", "Content-Language", "Content-Length", "Content-Type"),
        *("Expires", "Last-Modified", "Pragma"),
    }
)


def request_headers(contract: Document) -> list[str]:
    """Return the headers of the contract's parameters, and those that it cannot declare."""
    declared = {one["name"] for one in _parameters(contract) if one["in"] == "header"}
    return sorted({*ALWAYS_SENT, *declared}, key=str.lower)


def exposed_headers(contract: Document) -> list[str]:
    """Return the headers of the contract's responses that a page must be allowed to read."""
    declared = {name for one in _responses(contract) for name in one.get("headers", {})}
    return sorted({*ALWAYS_READ, *declared} - SAFELISTED, key=str.lower)


def _items(contract: Document) -> Iterator[Document]:
    """Yield each path item and each operation."""
    for item in contract["paths"].values():
        yield item
        yield from (one for one in item.values() if isinstance(one, dict))


def _parameters(contract: Document) -> Iterator[Document]:
    for item in _items(contract):
        for one in item.get("parameters", []):
            yield resolved(contract, one)


def _responses(contract: Document) -> Iterator[Document]:
    yield from contract.get("components", {}).get("responses", {}).values()
    for item in _items(contract):
        yield from item.get("responses", {}).values()
