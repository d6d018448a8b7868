"""The calls that create a resource: those that change something.

Reads and waits are left out. The source is the code of the provider that pulumi-aws wraps, the
create function of each resource in https://github.com/hashicorp/terraform-provider-aws, as it is
for a stack whose provider has default tags: every type here that can have tags takes them with its
first call (S3 buckets since version 6.23 of that provider).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Inputs = Mapping[str, Any]
"""A resource's inputs: the provider's schema defines them, in camelCase."""


def always(_: Inputs) -> bool:
    return True


@dataclass(frozen=True)
class CreateCall:
    """One call, and which inputs lead to it."""

    action: str
    made: Callable[[Inputs], bool] = always


def has(name: str) -> Callable[[Inputs], bool]:
    """Return whether the input is set to anything but nothing.

    >>> has("publish")({"publish": True}), has("publish")({})
    (True, False)
    """
    return lambda inputs: bool(inputs.get(name))


def enables(name: str) -> Callable[[Inputs], bool]:
    """Return whether the block of that name is enabled.

    >>> enables("ttl")({"ttl": {"enabled": True}}), enables("ttl")({})
    (True, False)
    """

    def made(inputs: Inputs) -> bool:
        block: Inputs = inputs.get(name) or {}
        return bool(block.get("enabled"))

    return made
