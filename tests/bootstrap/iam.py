"""Evaluates IAM policies: identity policies and a permissions boundary, with conditions.

Sources:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.program.given import Statement, listed

Context = dict[str, str | list[str]]
"""Condition keys of a request; those of several values hold a list."""


@dataclass(frozen=True, kw_only=True)
class Request:
    action: str
    resource: str
    context: Context = field(default_factory=dict[str, str | list[str]])


def allowed(request: Request, policies: Iterable[str], boundary: str | None = None) -> bool:
    """Return whether both the policies and the boundary allow the request and none denies it."""
    return all(
        _decision(request, documents)
        for documents in (list(policies), [boundary] if boundary else None)
        if documents is not None
    )


def _decision(request: Request, documents: list[str]) -> bool:
    effects = {
        statement["Effect"]
        for document in documents
        for statement in _statements(document)
        if applies(statement, request)
    }
    return effects == {"Allow"}


@cache
def _statements(document: str) -> list[Statement]:
    return json.loads(document)["Statement"]


def applies(statement: Statement, request: Request) -> bool:
    """Return whether the statement matches the request."""
    return (
        _names(statement, "Action", request.action.lower(), str.lower)
        and _names(statement, "Resource", request.resource, str)
        and all(
            _holds(operator, key, listed(values), request.context)
            for operator, block in statement.get("Condition", {}).items()
            for key, values in block.items()
        )
    )


def _names(statement: Statement, element: str, value: str, fold: Callable[[str], str]) -> bool:
    if f"Not{element}" in statement:
        return not any(matches(fold(one), value) for one in listed(statement[f"Not{element}"]))
    return any(matches(fold(one), value) for one in listed(statement[element]))


def matches(pattern: str, value: str) -> bool:
    """Return whether a value fits a pattern, in which `${*}`, `${?}` and `${$}` are themselves.

    >>> matches("restapis/*", "restapis/a/b"), matches("restapis/${*}", "restapis/a")
    (True, False)
    """
    return _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\$\{[*?$]\}|[*?])", pattern)
    wild = {"*": ".*", "?": "."}
    text = "".join(
        wild.get(part) or re.escape(part[2] if part.startswith("${") else part) for part in parts
    )
    return re.compile(text, re.DOTALL)


def _equals(wanted: str, given: str) -> bool:
    return wanted == given


# A negated operator is true if the key is missing.
_POSITIVE: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equals,
    "StringLike": matches,
    "ArnLike": matches,
    "Bool": _equals,
}
_NEGATIVE: Mapping[str, Callable[[str, str], bool]] = {
    "StringNotEquals": _equals,
    "StringNotLike": matches,
}


def _holds(operator: str, key: str, wanted: list[str], context: Mapping[str, Any]) -> bool:
    given = next((value for name, value in context.items() if name.lower() == key.lower()), None)
    if operator == "Null":
        return (given is None or given == []) == (wanted == ["true"])
    quantifier, _, plain = operator.rpartition(":")
    values = [] if given is None else listed(given)
    if quantifier == "ForAllValues":
        return all(_one(plain, wanted, value) for value in values)  # true of none, too
    if quantifier == "ForAnyValue":
        return any(_one(plain, wanted, value) for value in values)
    if given is None:
        return plain in _NEGATIVE
    return _one(plain, wanted, str(given))


def _one(operator: str, wanted: list[str], value: str) -> bool:
    if operator in _POSITIVE:
        return any(_POSITIVE[operator](one, value) for one in wanted)
    if operator in _NEGATIVE:
        return not any(_NEGATIVE[operator](one, value) for one in wanted)
    raise ValueError(f"these tests do not know the condition operator {operator!r}")
