"""A row of the registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from resource_types.create_call import CreateCall
from resource_types.grant import Grant
from resource_types.in_sandbox import Emulated, Ignored, Served

FoundBy = Literal["tags", "tags in us-east-1", "tags of roles", "label", "container"]


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """What the tools know of one resource type."""

    type: str
    """Pulumi's name of the type, such as `aws:s3/bucket:Bucket`."""
    arn: str = ""
    """Its ARN; `{region}`, `{account}`, `{name}`, `{id}` and names of inputs are filled in."""
    names: tuple[str, ...] = ()
    """Pulumi's names of the program's resources of this type, or what those names start with.

    The deploy role may touch resources with such names alone. Empty where the ARN has no name.
    """
    name_input: str = "name"
    """The input that sets the physical name."""
    longest_name: int = 255
    """Characters that AWS allows in a physical name."""
    holds_data: bool = False
    """Whether it holds data of users, which prod must protect."""

    found_by: FoundBy
    """How `make leaks` finds one that Pulumi has forgotten.

    - `tags`: by GetResources in the stack's Region
    - `tags in us-east-1`: by GetResources there, as it belongs to no Region
    - `tags of roles`: by ListRoles, and the tags of each
    - `label`: by its comment or name, as it takes no tags that GetResources knows
    - `container`: not at all, as it is deleted with the resource that contains it

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    https://docs.aws.amazon.com/ARG/latest/userguide/supported-resources.html
    https://github.com/cloud-custodian/cloud-custodian/pull/2729 (us-east-1, as measured there)
    """
    inside: str = ""
    """Pulumi's name of the type that contains it, or that cannot be deleted before it."""

    sandbox: Emulated | Served | Ignored

    create_calls: tuple[CreateCall, ...]
    """The AWS provider's calls that create one, in their order."""

    policy: str = ""
    """Name of the deploy role's policy with its grants: a managed policy holds 6,144 characters."""
    grants: tuple[Grant, ...] = ()
    """What the deploy role needs to create, read, update and delete one."""
    boundary: tuple[Grant, ...] = ()
    """What the program's own roles may do with it at most."""
    passes_role_to: str = ""
    """The service that gets a role when one is created; empty for none."""

    id: str = "{name}"
    """An id as AWS chooses it, for tests."""
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Outputs that AWS computes, besides id, name and ARN; filled in like the ARN."""

    @property
    def scope(self) -> tuple[str, ...]:
        """ARN templates of the program's resources of this type, for `Scope.arns`."""
        arn = self.arn.replace("{id}", "*")
        return tuple(arn.replace("{name}", f"<{name}>") for name in self.names) or (arn,)

    def computed(
        self, name: str, inputs: Mapping[str, Any], *, region: str, account: str
    ) -> dict[str, str]:
        """Return plausible outputs of a resource with that physical name."""
        known = {"name": name, **inputs, "region": region, "account": account}
        known["id"] = self.id.format_map(known)
        texts = {"id": "{id}", "name": "{name}", "arn": self.arn, **self.outputs}
        return {key: text.format_map(known) for key, text in texts.items() if text}
