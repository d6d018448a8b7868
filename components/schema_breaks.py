"""What one JSON schema of a contract lets through and another one does not, in sentences.

A request breaks when the new schema takes less than the old one; an answer, when the new one gives
more than the old one. Both are one comparison: of what may come with what is taken. Where two
schemas cannot be compared, as with two patterns, a difference counts.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

# JSON, whose shape OpenAPI defines.
Document = dict[str, Any]
Schema = dict[str, Any]

_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
# Keyword -> the type that it says something of; an integer is a number too.
_UPPER: Final = {
    "maximum": "integer",
    "maxLength": "string",
    "maxItems": "array",
    "maxProperties": "object",
}
_LOWER: Final = {
    "minimum": "integer",
    "minLength": "string",
    "minItems": "array",
    "minProperties": "object",
}
_OTHERS: Final = {"pattern": "string", "multipleOf": "integer", "uniqueItems": "array"}
# Compared by their meaning below.
_KNOWN: Final = frozenset(
    {
        *_UPPER,
        *_LOWER,
        *("exclusiveMaximum", "exclusiveMinimum"),
        *("type", "nullable", "enum", "required", "properties", "additionalProperties", "items"),
        *("allOf", "anyOf", "oneOf", "$ref"),
    }
)
# What says nothing of a value: https://spec.openapis.org/oas/v3.0.3#schema-object
_ANNOTATIONS: Final = frozenset(
    {
        *("title", "description", "default", "example", "examples", "deprecated", "externalDocs"),
        *("xml", "readOnly", "writeOnly", "$comment"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a finding is said, of `where` and what it is about."""

    type: str
    bound: str
    enum: str
    keyword: str
    needed: str
    gone: str
    alternative: str
    is_request: bool


REQUEST: Final = Words(
    type="{where} must now be of type {what}",
    bound="{where} has a narrower {what}",
    enum="{where} takes fewer values",
    keyword="{where} has another {what}",
    needed="{where} now needs {what}",
    gone="{where} no longer takes {what}",
    alternative="{where} takes fewer alternatives",
    is_request=True,
)
ANSWER: Final = Words(
    type="{where} may now be of type {what}",
    bound="{where} has a wider {what}",
    enum="{where} may hold other values",
    keyword="{where} has another {what}",
    needed="{where} may now lack {what}",
    gone="{where} no longer holds {what}",
    alternative="{where} may be another alternative",
    is_request=False,
)


def resolved(document: Document, value: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference of the document stands for, or the value if it is none."""
    while "$ref" in value:
        place: Any = document
        for key in value["$ref"].removeprefix("#/").split("/"):
            place = place[key.replace("~1", "/").replace("~0", "~")]
        value = place
    return value


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Finds what schemas of one document may let through that schemas of another do not take."""

    may: Document
    """Whose schemas say what comes: a client's old contract, or the server's new one."""
    takes: Document
    """Whose schemas say what is taken."""
    words: Words
    _begun: set[str] = field(default_factory=set[str])

    def breaks(self, where: str, may: Schema, takes: Schema) -> Iterator[str]:
        """Yield a sentence for each thing that comes and is not taken."""
        pair = json.dumps([may, takes], sort_keys=True)
        if pair in self._begun:  # a schema that holds itself: below there is nothing new
            return
        self._begun.add(pair)
        try:
            found: dict[str, None] = {}
            for one in self._alternatives(may):
                for taken in self._all_of(self.takes, takes):
                    found |= dict.fromkeys(self._taken_by(where, one, taken))
            yield from found
        finally:
            self._begun.discard(pair)

    def _alternatives(self, may: Schema) -> list[Schema]:
        """Return each of what may come, where the schema leaves a choice."""
        may = resolved(self.may, may)
        for keyword in ("oneOf", "anyOf"):
            if keyword in may:
                rest = {name: value for name, value in may.items() if name != keyword}
                chosen = [{"allOf": [rest, one]} for one in may[keyword]]
                return [one for choice in chosen for one in self._alternatives(choice)]
        parts: list[Schema] = may.get("allOf", [])
        for at, part in enumerate(parts):
            inner = self._alternatives(part)
            if inner != [resolved(self.may, part)]:
                chosen = [{**may, "allOf": [*parts[:at], one, *parts[at + 1 :]]} for one in inner]
                return [one for choice in chosen for one in self._alternatives(choice)]
        return [may]

    def _all_of(self, document: Document, schema: Schema) -> list[Schema]:
        """Return schemas which only together let through what this one does."""
        schema = resolved(document, schema)
        rest = {name: value for name, value in schema.items() if name != "allOf"}
        inner = [one for part in schema.get("allOf", []) for one in self._all_of(document, part)]
        return [rest, *inner] if rest or not inner else inner

    def _taken_by(self, where: str, may: Schema, takes: Schema) -> Iterator[str]:
        for keyword in ("oneOf", "anyOf"):
            if keyword in takes:
                found = [list(self.breaks(where, may, one)) for one in takes[keyword]]
                if all(found):
                    said = self.words.alternative.format(where=where)
                    yield from found[0] if len(found) == 1 else [said]
        parts = self._all_of(self.may, may)
        # What stayed as it is says of itself what the parts together may deny.
        stayed = takes in parts and not list(self._plain(where, [takes], takes))
        if not stayed:
            yield from self._plain(where, parts, takes)

    def _plain(self, where: str, parts: Sequence[Schema], takes: Schema) -> Iterator[str]:
        """Compare but for choices; what comes is what all of `parts` let through."""
        types = frozenset(_TYPES).intersection(*(_types(part) for part in parts))
        if not types <= _types(takes):
            named = _types(takes) if self.words.is_request else types - _types(takes)
            yield self._say(self.words.type, where, _listed(named))
            return
        for keyword in sorted(takes):
            if self._differs(keyword, types, parts, takes):
                yield self._say(self.words.keyword, where, keyword)
        for bounds, tighter in ((_UPPER, min), (_LOWER, max)):
            for keyword, type_ in bounds.items():
                known = tighter(_bound(part, keyword) for part in parts)
                limit = _bound(takes, keyword)
                if type_ in types and tighter(known, limit) != known:
                    yield self._say(self.words.bound, where, keyword)
        listed = [_values(part) for part in parts if "enum" in part]
        if "enum" in takes and not any(values <= _values(takes) for values in listed):
            yield self._say(self.words.enum, where)
        if "object" in types:
            yield from self._objects(where, parts, takes)
        if "array" in types and "items" in takes:
            items = _both([part["items"] for part in parts if "items" in part])
            yield from self.breaks(f"each of {where}", items, takes["items"])

    def _differs(
        self, keyword: str, types: frozenset[str], parts: Sequence[Schema], takes: Schema
    ) -> bool:
        if keyword in _KNOWN | _ANNOTATIONS or keyword.startswith("x-"):
            return False
        if _OTHERS.get(keyword, "null") not in types | {"null"} or takes[keyword] is False:
            return False
        limits = [part[keyword] for part in parts if keyword in part]
        if keyword == "multipleOf":
            return not any(limit % takes[keyword] == 0 for limit in limits)
        return takes[keyword] not in limits

    def _objects(self, where: str, parts: Sequence[Schema], takes: Schema) -> Iterator[str]:
        came: dict[str, list[Schema]] = {}
        for part in parts:
            for name, schema in part.get("properties", {}).items():
                came.setdefault(name, []).append(schema)
        taken: dict[str, Schema] = takes.get("properties", {})
        for name in sorted(set(came) & set(taken)):
            yield from self.breaks(f"{name} in {where}", _both(came[name]), taken[name])
        # What is new is no break by itself: whoever does not know it neither sends nor reads it.
        missing = sorted(set(taken) - set(came))
        gone = [] if self.words.is_request else missing
        for name in gone:
            yield self._say(self.words.gone, where, name)
        required = {name for part in parts for name in part.get("required", [])}
        for name in sorted(set(takes.get("required", [])) - required - set(gone)):
            yield self._say(self.words.needed, where, name)
        others = [part.get("additionalProperties", True) for part in parts]
        other = _both([cast("Schema", one) for one in others if isinstance(one, dict)])
        if False not in others:
            yield from self._other_properties(where, other, takes)
            if other and self.words.is_request:
                for name in missing:
                    yield from self.breaks(f"{name} in {where}", other, taken[name])
        yield from self._undeclared(where, {name: _both(came[name]) for name in came}, takes)

    def _other_properties(self, where: str, other: Schema, takes: Schema) -> Iterator[str]:
        """Compare what may come under any name."""
        rest: bool | Schema = takes.get("additionalProperties", True)
        if isinstance(rest, dict):
            yield from self.breaks(f"what else is in {where}", other, rest)
        elif not rest and self.words.is_request:
            yield self._say(self.words.gone, where, "other properties")

    def _undeclared(self, where: str, came: Mapping[str, Schema], takes: Schema) -> Iterator[str]:
        """Compare what comes under a name that is not declared where it is taken."""
        rest: bool | Schema = takes.get("additionalProperties", True)
        for name in sorted(set(came) - set(takes.get("properties", {}))):
            if isinstance(rest, dict):
                yield from self.breaks(f"{name} in {where}", came[name], rest)
            elif not rest and self.words.is_request:
                yield self._say(self.words.gone, where, name)

    def _say(self, words: str, where: str, what: str = "") -> str:
        return words.format(where=where, what=what)


def _types(schema: Schema) -> frozenset[str]:
    """Return the types that a value may have."""
    if "type" not in schema:
        return _TYPES
    declared = schema["type"]
    named = {declared} if isinstance(declared, str) else set(declared)
    # Whatever is an integer is a number.
    whole = {"integer"} if "number" in named else set[str]()
    return frozenset(named | whole | ({"null"} if schema.get("nullable") else set()))


def _bound(schema: Schema, keyword: str) -> tuple[float, int]:
    """Return the bound, and which side of it is in, so that the tighter one compares as such.

    `exclusiveMaximum` is a boolean in OpenAPI 3.0 and a number in 3.1.
    """
    is_upper = keyword in _UPPER
    unbounded = float("inf") if is_upper else float("-inf" if keyword == "minimum" else 0)
    value = schema.get(keyword, unbounded)
    exclusive = schema.get(f"exclusive{keyword[0].upper()}{keyword[1:]}", False)
    outside = 0 if is_upper else 1
    if exclusive is True:
        return value, outside
    inclusive = (value, 1 - outside)
    if exclusive is False:
        return inclusive
    return (min if is_upper else max)(inclusive, (exclusive, outside))


def _listed(types: frozenset[str]) -> str:
    """Return the types as one says them.

    >>> _listed(frozenset({"integer", "number", "null"}))
    'null or number'
    """
    return " or ".join(sorted(types - ({"integer"} if "number" in types else set())))


def _values(schema: Schema) -> set[str]:
    """Return the values that the schema lists, as JSON."""
    return {json.dumps(one, sort_keys=True) for one in schema["enum"]}


def _both(schemas: Sequence[Schema]) -> Schema:
    """Return the schema of what all of them let through."""
    different = list({json.dumps(one, sort_keys=True): one for one in schemas}.values())
    return different[0] if len(different) == 1 else {"allOf": different} if different else {}
