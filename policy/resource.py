"""Resources and rules, independent of Pulumi's policy SDK."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

Props = Mapping[str, Any]
"""A resource's inputs, in the provider's camelCase; Any, as Pulumi has it."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource that a preview or an update knows."""

    type: str
    name: str
    """Its name in Pulumi, not in the account."""
    stack: str
    props: Props
    protect: bool = False
    urn: str = ""
    depends_on: frozenset[str] = frozenset()
    """URNs of the resources whose outputs its properties use."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Checks one resource before it is created."""

    name: str
    description: str
    """What must be true, as a sentence."""
    check: Callable[[Resource], Iterator[str]]
    """Yields each violation, with its remedy."""
    types: frozenset[str]
    """Types of the resources that it checks."""
    stacks: tuple[str, ...] = ()
    """Stacks that it applies to; empty for all. The pack's configuration may name others."""

    def violations(self, resource: Resource, stacks: Sequence[str] | None = None) -> Iterator[str]:
        """Yield the resource's violations of the rule."""
        applies_to = self.stacks if stacks is None else stacks
        if resource.type in self.types and (not self.stacks or resource.stack in applies_to):
            yield from self.check(resource)


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """Checks all resources of a stack together."""

    name: str
    description: str
    violations: Callable[[Sequence[Resource]], Iterator[tuple[Resource, str]]] = field(repr=False)
    """Yields each resource that breaks the rule, and how."""


def items(value: Any) -> Sequence[Any]:
    """Return a value that may be missing, single or several, as a sequence."""
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return cast("Sequence[Any]", value)
    return (value,)


def block(props: Props, key: str) -> Props:
    """Return a block of properties; empty when it is missing."""
    return props.get(key) or {}
