"""What a new contract no longer takes or gives: why a client of the old one would break.

It says what common tools for this call breaking: docs/adr/0017. Callbacks, links and servers, of
which API Gateway imports none, and names that only generated code knows are not looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from components.schema_breaks import ANSWER, REQUEST, Comparison, Document, Words, resolved

_VERBS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# How a parameter is written, unless it says so: https://spec.openapis.org/oas/v3.0.3#style-values
_STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_NOBODY: Final[dict[str, list[str]]] = {}


def contract_breaks(old: Document, new: Document) -> list[str]:
    """Return a sentence for each thing that clients of `old` rely on and `new` does not keep.

    >>> contract_breaks({"paths": {"/a": {"get": {}}}}, {"paths": {}})
    ['GET /a is gone']
    """
    return list(dict.fromkeys(_breaks(old, new)))


def _breaks(old: Document, new: Document) -> Iterator[str]:
    # By another name of its parameter a path is the same.
    successors = {_unnamed(path): (path, item) for path, item in new["paths"].items()}
    for path, item in old["paths"].items():
        new_path, successor = successors.get(_unnamed(path), ("", {}))
        for verb in (verb for verb in _VERBS if verb in item):
            where = f"{verb.upper()} {path}"
            if verb not in successor:
                yield f"{where} is gone"
                continue
            before = _Operation(document=old, path=path, item=item, itself=item[verb])
            after = _Operation(document=new, path=new_path, item=successor, itself=successor[verb])
            yield from _security(where, before, after)
            yield from _parameters(where, before, after)
            yield from _bodies(where, before, after)
            yield from _answers(where, before, after)


@dataclass(frozen=True, kw_only=True)
class _Operation:
    document: Document
    path: str
    item: Document
    itself: Document

    def parameters(self) -> dict[str, Document]:
        """Return them by place and name; those of the path by their place in it."""
        listed = [*self.item.get("parameters", []), *self.itself.get("parameters", [])]
        in_path = re.findall(r"\{([^{}+]+)\+?\}", self.path)
        found: dict[str, Document] = {}
        for one in (resolved(self.document, one) for one in listed):
            name = one["name"].lower() if one["in"] == "header" else one["name"]
            place = in_path.index(name) if one["in"] == "path" else name
            found[f"{one['in']} {place}"] = one
        return found

    def body(self) -> Document:
        return resolved(self.document, self.itself.get("requestBody", {}))

    def answer(self, status: str) -> Document | None:
        """Return what is said of a status, or None: a range or the default may stand for it."""
        answers = self.itself.get("responses", {})
        found = next((one for one in (status, f"{status[0]}XX", "default") if one in answers), None)
        return None if found is None else resolved(self.document, answers[found])

    def ways_in(self) -> list[dict[str, Any]]:
        """Return each way to be let in, as its schemes; the way of nobody has none."""
        asked: list[dict[str, list[str]]] = self.itself.get(
            "security", self.document.get("security")
        ) or [_NOBODY]
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        return [
            {
                name: (set(scopes), _plain(resolved(self.document, schemes[name])))
                for name, scopes in way.items()
            }
            for way in asked
        ]


def _unnamed(path: str) -> str:
    return re.sub(r"\{[^{}+]+(\+?)\}", r"{\1}", path)


def _plain(scheme: Document) -> Document:
    return {name: scheme[name] for name in scheme if name not in ("description", "bearerFormat")}


def _security(where: str, old: _Operation, new: _Operation) -> Iterator[str]:
    for way in old.ways_in():
        if not any(_lets_in(way, other) for other in new.ways_in()):
            had = " and ".join(way) or "nothing"
            now = " or ".join(" and ".join(other) or "nothing" for other in new.ways_in())
            yield f"{where} no longer lets in with {had}: it asks for {now}"


def _lets_in(has: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Return whether who has these schemes and scopes has all that is asked for."""
    return all(
        any(scopes <= had and scheme == held for had, held in has.values())
        for scopes, scheme in asked.values()
    )


def _parameters(where: str, old: _Operation, new: _Operation) -> Iterator[str]:
    before, after = old.parameters(), new.parameters()
    comparison = Comparison(may=old.document, takes=new.document, words=REQUEST)
    for key, parameter in after.items():
        is_needed_now = parameter.get("required", False)
        if is_needed_now and not before.get(key, {}).get("required", False):
            yield f"{where} now needs the {_named(parameter)}"
    for key, parameter in before.items():
        named = _named(parameter)
        if key not in after:
            yield f"{where} no longer takes the {named}"
            continue
        if _style(parameter) != _style(after[key]):
            yield f"{named} of {where} is written in another way"
        yield from _content(f"{named} of {where}", (parameter, after[key]), comparison)


def _named(parameter: Document) -> str:
    name = parameter["name"]
    return f"{parameter['in']} {name.lower() if parameter['in'] == 'header' else name}"


def _style(parameter: Document) -> tuple[str, bool]:
    style = parameter.get("style", _STYLES[parameter["in"]])
    return style, parameter.get("explode", style == "form")


def _bodies(where: str, old: _Operation, new: _Operation) -> Iterator[str]:
    before, after = old.body(), new.body()
    if after.get("required", False) and not before.get("required", False):
        yield f"{where} now needs a body"
    comparison = Comparison(may=old.document, takes=new.document, words=REQUEST)
    yield from _contents(f"the body of {where}", where, (before, after), comparison)


def _answers(where: str, old: _Operation, new: _Operation) -> Iterator[str]:
    # What comes is now the new contract's, and is taken by clients of the old one.
    comparison = Comparison(may=new.document, takes=old.document, words=ANSWER)
    for status, answer in old.itself.get("responses", {}).items():
        before = resolved(old.document, answer)
        after = new.answer(status)
        if after is None:
            if status.startswith("2"):
                yield f"{where} no longer answers {status}"
            continue
        itself = f"the {status} of {where}"
        yield from _headers(itself, (before, after), comparison)
        yield from _contents(itself, itself, (before, after), comparison)


def _headers(where: str, sides: tuple[Document, Document], comparison: Comparison) -> Iterator[str]:
    documents = (comparison.takes, comparison.may)
    before, after = (
        {
            name.lower(): resolved(document, header)
            for name, header in side.get("headers", {}).items()
        }
        for document, side in zip(documents, sides, strict=True)
    )
    for name, header in before.items():
        if name not in after:
            yield f"{where} no longer has the header {name}"
            continue
        if header.get("required", False) and not after[name].get("required", False):
            yield f"{where} may now lack the header {name}"
        yield from _content(f"header {name} of {where}", (header, after[name]), comparison)


def _contents(
    where: str, owner: str, sides: tuple[Document, Document], comparison: Comparison
) -> Iterator[str]:
    before, after = (
        {media_type.replace(" ", "").lower(): one for media_type, one in side.items()}
        for side in (one.get("content", {}) for one in sides)
    )
    words: Words = comparison.words
    for media_type, content in before.items():
        ranges = (media_type, f"{media_type.split('/')[0]}/*", "*/*")
        successor = next((after[one] for one in ranges if one in after), None)
        if successor is None:
            said = "no longer takes" if words.is_request else "is no longer"
            yield f"{owner} {said} {media_type}"
        else:
            yield from _content(where, (content, successor), comparison)


def _content(where: str, sides: tuple[Document, Document], comparison: Comparison) -> Iterator[str]:
    """Compare the schemas of a parameter, header or media type of either contract."""
    before, after = (side.get("schema", {}) for side in sides)
    if comparison.words.is_request:
        yield from comparison.breaks(where, before, after)
    else:
        yield from comparison.breaks(where, after, before)
