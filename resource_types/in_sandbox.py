"""What the sandbox does for a type: create it in MiniStack, serve it itself, or ignore it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Inputs = dict[str, Any]
"""A resource's inputs or outputs under mocks: the provider's schema defines them, in camelCase."""
Made = tuple[str, Inputs]
"""A resource's id, and its outputs."""

ACCOUNT = "000000000000"
"""The account of everything in MiniStack."""


class UnsupportedResourceError(LookupError):
    """The program asks for something that the sandbox cannot do; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Requested:
    """One resource that the program asks for."""

    name: str
    """Pulumi's name for it, such as `recordings`."""
    physical_name: str
    """Its name in AWS: the program's, or else one as Pulumi generates it."""
    inputs: Inputs
    tags: Mapping[str, str]
    """The provider's default tags, overridden by the resource's own."""
    region: str
    arn_template: str
    function_variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Environment variables that the sandbox adds to those of every function."""

    def arn(self, id_: str = "") -> str:
        """Return its ARN; `id_` is for types whose ARN contains an id."""
        known = {"region": self.region, "account": ACCOUNT, "name": self.physical_name, "id": id_}
        return self.arn_template.format_map({**self.inputs, **known})

    @property
    def tag_pairs(self) -> list[dict[str, str]]:
        """The tags, as most services take them."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]


@dataclass(frozen=True, kw_only=True)
class Emulated:
    """MiniStack has the service: boto3 creates the resource there."""

    service: str
    """boto3's name of the service, which the sandbox starts."""
    create: Callable[[Any, Requested], Made]
    """Creates the resource. Any: a boto3 client, which is untyped."""
    delete: Callable[[Any, str, Mapping[str, Any]], object] | None = None
    """Deletes the resource of that id and of the `kept` inputs; None if its container takes it."""
    kept: tuple[str, ...] = ()
    """Inputs that `delete` needs."""
    protected_by: tuple[str, object] | None = None
    """An input, and the value of it that forbids to delete the resource."""

    @property
    def inputs_to_keep(self) -> tuple[str, ...]:
        """Inputs that a deletion needs."""
        return (*self.kept, *(self.protected_by or ())[:1])

    def protects(self, inputs: Mapping[str, Any]) -> bool:
        """Return whether the resource with these inputs may not be deleted."""
        if self.protected_by is None:
            return False
        name, value = self.protected_by
        return inputs.get(name) == value


@dataclass(frozen=True)
class Served:
    """A part of the sandbox stands in for the service: see `sandbox/served.py`."""

    by: Literal["gateway", "firehose", "website"]


@dataclass(frozen=True)
class Ignored:
    """It changes nothing that can be seen on one machine."""

    why: str
