"""What a new contract no longer takes or gives: why a client of the old one would break."""

from collections.abc import Iterator
from typing import Any

# JSON, whose shape OpenAPI defines.
Document = dict[str, Any]

_VERBS = ("get", "put", "post", "delete", "head", "patch")
# Keyword -> whether a larger number takes less.
_BOUNDS = {"maximum": False, "maxLength": False, "minimum": True, "minLength": True}


def contract_breaks(old: Document, new: Document) -> list[str]:
    """Return a sentence for each thing that clients of `old` may do and `new` refuses."""
    return list(_breaks(old, new))


def _breaks(old: Document, new: Document) -> Iterator[str]:
    for path, item in old["paths"].items():
        for verb in (verb for verb in _VERBS if verb in item):
            where = f"{verb.upper()} {path}"
            successor = new["paths"].get(path, {})
            if verb not in successor:
                yield f"{where} is gone"
                continue
            yield from _parameters(where, (old, item, verb), (new, successor, verb))
            yield from _bodies(where, (old, item[verb]), (new, successor[verb]))


def _resolved(document: Document, value: Document) -> Document:
    if "$ref" not in value:
        return value
    kind, name = value["$ref"].split("/")[-2:]
    return document["components"][kind][name]


def _by_name(place: tuple[Document, Document, str]) -> dict[str, Document]:
    document, item, verb = place
    listed = [*item.get("parameters", []), *item[verb].get("parameters", [])]
    resolved = [_resolved(document, one) for one in listed]
    return {f"{one['in']} {one['name'].lower()}": one for one in resolved}


def _parameters(
    where: str, old: tuple[Document, Document, str], new: tuple[Document, Document, str]
) -> Iterator[str]:
    before, after = _by_name(old), _by_name(new)
    for name, parameter in after.items():
        was_needed = before.get(name, {}).get("required", False)
        if parameter.get("required", False) and not was_needed:
            yield f"{where} now needs the {name}"
        if name in before:
            yield from _narrowed(
                f"{name} of {where}",
                (old[0], before[name].get("schema", {})),
                (new[0], parameter.get("schema", {})),
            )


def _bodies(
    where: str, old: tuple[Document, Document], new: tuple[Document, Document]
) -> Iterator[str]:
    before, after = (operation.get("requestBody", {}) for _, operation in (old, new))
    if after.get("required", False) and not before.get("required", False):
        yield f"{where} now needs a body"
    for media_type, content in before.get("content", {}).items():
        if media_type not in after.get("content", {}):
            yield f"{where} no longer takes {media_type}"
            continue
        yield from _narrowed(
            f"the body of {where}",
            (old[0], content.get("schema", {})),
            (new[0], after["content"][media_type].get("schema", {})),
        )


def _narrowed(
    where: str, old: tuple[Document, Document], new: tuple[Document, Document]
) -> Iterator[str]:
    before, after = _resolved(*old), _resolved(*new)
    yield from _narrowed_value(where, before, after)
    for name in sorted(set(after.get("required", [])) - set(before.get("required", []))):
        yield f"{where} now needs {name}"
    properties = after.get("properties", {})
    for name, schema in before.get("properties", {}).items():
        if name in properties:
            yield from _narrowed(f"{name} in {where}", (old[0], schema), (new[0], properties[name]))
        elif after.get("additionalProperties") is False:
            yield f"{where} no longer takes {name}"
    if "items" in before and "items" in after:
        items = (old[0], before["items"]), (new[0], after["items"])
        yield from _narrowed(f"each of {where}", *items)


def _narrowed_value(where: str, before: Document, after: Document) -> Iterator[str]:
    if "type" in after and after["type"] != before.get("type"):
        yield f"{where} must now be of type {after['type']}"
    for keyword in ("pattern", "format"):
        if keyword in after and after[keyword] != before.get(keyword):
            yield f"{where} has another {keyword}"
    for keyword, less_if_larger in _BOUNDS.items():
        if keyword in after and after[keyword] != before.get(keyword):
            was = before.get(keyword)
            if was is None or (after[keyword] > was) == less_if_larger:
                yield f"{where} has a narrower {keyword}"
    if "enum" in after and set(before.get("enum", [None])) - set(after["enum"]):
        yield f"{where} takes fewer values"
