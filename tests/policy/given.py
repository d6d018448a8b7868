"""The program's resources, and made-up ones, as the rules see them."""

import json
from typing import Any

from policy.resource import Resource
from policy.rules import RULES, STACK_RULES
from tests.engine import Engine, Key, Registered


def urn(key: Key, stack: str = "test") -> str:
    return f"urn:pulumi:{stack}::rrweb-store::{key[0]}::{key[1]}"


def seen(one: Registered, stack: str) -> Resource:
    """Return a registered resource as Pulumi's engine passes it to the pack: as JSON."""
    return Resource(
        type=one.type,
        name=one.name,
        stack=stack,
        props=json.loads(json.dumps(one.inputs, default=str)),
        protect=one.protect,
        urn=urn((one.type, one.name), stack),
        depends_on=frozenset(urn(key, stack) for key in one.depends_on),
    )


def program(engine: Engine, stack: str) -> list[Resource]:
    return [seen(one, stack) for one in engine.resources if one.custom]


def made_up(type_: str, *, stack: str = "dev", protect: bool = False, **props: Any) -> Resource:
    return Resource(
        type=type_,
        name="one",
        stack=stack,
        props=props,
        protect=protect,
        urn=urn((type_, "one"), stack),
    )


def violations(resources: list[Resource]) -> list[tuple[str, str, str]]:
    """Return rule, resource and message of each violation."""
    alone = [(rule, one.name, wrong) for one in resources for rule, wrong in wrong_with(one)]
    together = [
        (rule.name, one.name, wrong)
        for rule in STACK_RULES
        for one, wrong in rule.violations(resources)
    ]
    return alone + together


def wrong_with(one: Resource) -> list[tuple[str, str]]:
    """Return rule and message of each violation by one resource."""
    return [(rule.name, wrong) for rule in RULES for wrong in rule.violations(one)]


def broken_alone(one: Resource) -> set[str]:
    return {rule for rule, _ in wrong_with(one)}


def broken(*resources: Resource) -> set[str]:
    """Return the names of the rules that are broken."""
    return {rule for rule, _, _ in violations(list(resources))}
