"""What the rules look at, and what a rule is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

Props = Mapping[str, Any]
"""What a resource is asked for, in the provider's camelCase; Any, as Pulumi has it."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource that is about to be made, or is there."""

    type: str
    name: str
    """Pulumi's own name for it, not the one in the account."""
    stack: str
    props: Props
    protect: bool = False
    urn: str = ""
    depends_on: frozenset[str] = frozenset()
    """URNs of what its properties come from."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Looks at one resource, before it is made."""

    name: str
    description: str
    """What must hold, as a sentence."""
    check: Callable[[Resource], Iterator[str]]
    """Yields what is wrong, and what to do."""
    types: frozenset[str]
    """Of the resources that it looks at."""
    stacks: tuple[str, ...] = ()
    """Where it counts; empty for everywhere. The pack's configuration may name others."""

    def violations(self, resource: Resource, stacks: Sequence[str] | None = None) -> Iterator[str]:
        """Yield what is wrong with the resource, if it is one of the rule's."""
        where = self.stacks if stacks is None else stacks
        if resource.type in self.types and (not self.stacks or resource.stack in where):
            yield from self.check(resource)


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """Looks at all resources together."""

    name: str
    description: str
    violations: Callable[[Sequence[Resource]], Iterator[tuple[Resource, str]]] = field(repr=False)
    """Yields each resource that something is wrong with, and what."""


def items(value: Any) -> Sequence[Any]:
    """Return what may be missing, one or several as a sequence."""
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return cast("Sequence[Any]", value)
    return (value,)


def block(props: Props, key: str) -> Props:
    """Return a block of properties; empty when it is missing."""
    return props.get(key) or {}
