"""AWS's service authorization reference, from the copy that parliament ships."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.program.given import parliament

# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_PATH = Path(parliament.__file__).parent / "iam_definition.json"


@dataclass(frozen=True)
class Target:
    """A resource type that an action supports."""

    arn: str
    """ARN pattern; `*` alone for an action without resource-level permissions."""
    keys: frozenset[str]
    """Condition keys, without the name of a tag."""


@cache
def _definitions() -> list[dict[str, Any]]:
    return json.loads(_PATH.read_text(encoding="utf-8"))


@cache
def targets(action: str) -> list[Target]:
    """Return every resource type that the action supports; none for an unknown action."""
    service, _, name = action.partition(":")
    found: list[Target] = []
    for definition in _definitions():
        if definition["prefix"] != service:
            continue
        kinds = {one["resource"]: one for one in definition["resources"]}
        for privilege in definition["privileges"]:
            if privilege["privilege"].lower() == name.lower():
                found += _targets(privilege["resource_types"], kinds)
    return found


def _targets(types: list[dict[str, Any]], kinds: dict[str, dict[str, Any]]) -> list[Target]:
    of_request = _keys(
        key for one in types if not one["resource_type"] for key in one["condition_keys"]
    )
    named = [one for one in types if one["resource_type"]]
    if not named:
        return [Target("*", of_request)]
    found: list[Target] = []
    for one in named:
        kind = kinds[one["resource_type"].rstrip("*")]
        keys = _keys((*kind["condition_keys"], *one["condition_keys"]))
        found.append(Target(re.sub(r"\$\{[^}]*\}", "*", kind["arn"]), keys | of_request))
    return found


def _keys(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(re.sub(r"\$\{TagKey\}|<key>", "", key) for key in keys)


def overlap(one: str, other: str) -> bool:
    """Return whether some ARN fits both patterns.

    >>> overlap("arn:aws:s3:::*", "arn:aws:s3:::a-*/b"), overlap("x:table/*", "x:function:*")
    (True, False)
    """

    @cache
    def fit(at: int, by: int) -> bool:
        if at == len(one) or by == len(other):
            return set(one[at:] + other[by:]) <= {"*"}
        if one[at] == "*":
            return fit(at + 1, by) or fit(at, by + 1)
        if other[by] == "*":
            return fit(at, by + 1) or fit(at + 1, by)
        return one[at] == other[by] and fit(at + 1, by + 1)

    return fit(0, 0)
