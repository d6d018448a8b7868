"""Names, ARNs and tags that belong to a stage's stacks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bootstrap.stages import Stage

PROJECT = "rrweb-store"
# Pulumi's default name, from before the project configured autonaming.
_OLD_NAME = re.compile(r"[a-z][a-z-]*-[0-9a-f]{7}")
_LOGICAL = re.compile(r"<([a-z-]+)>")

Statement = dict[str, Any]
"""A statement of a policy, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One stage's resources in one account and Region."""

    stage: Stage
    account: str
    region: str
    old_names: tuple[str, ...] = ()
    """Physical names of existing resources that lack project and stack."""

    def __post_init__(self) -> None:
        for name in self.old_names:
            if not _OLD_NAME.fullmatch(name):
                raise ValueError(
                    f"oldNames may hold names that Pulumi made, as recordings-1a2b3c4, got {name!r}"
                )

    @property
    def boundary_name(self) -> str:
        """Name of the permissions boundary for roles that the stage's stacks create."""
        return f"{PROJECT}-{self.stage.name}-boundary"

    @property
    def boundary_arn(self) -> str:
        """ARN of that permissions boundary."""
        return f"arn:aws:iam::{self.account}:policy/{self.boundary_name}"

    @property
    def role_path(self) -> str:
        """Path of the roles that the stage's stacks create."""
        return f"{PROJECT}/{self.stage.stacks}"

    def owned(self, key: str) -> Statement:
        """Return the condition that the tags in `aws:<key>` name this stage.

        Args:
            key: `ResourceTag`, or `RequestTag` for a request that creates a resource.
        """
        return {
            "StringEquals": {f"aws:{key}/project": PROJECT},
            "StringLike": {f"aws:{key}/stack": self.stage.stacks},
        }

    def arns(self, templates: Iterable[str]) -> list[str]:
        """Return ARN patterns for templates such as `arn:aws:sns:{region}:{account}:<watch>`.

        `{role_path}` is the path of the stage's roles. `<watch>` is a logical name: it becomes the
        pattern of every physical name that `pulumi:autonaming` in Pulumi.yaml generates from it.
        """
        known = {"region": self.region, "account": self.account, "role_path": self.role_path}
        return [arn.format_map(known) for template in templates for arn in self._named(template)]

    def _named(self, template: str) -> Iterator[str]:
        found = _LOGICAL.search(template)
        if not found:
            yield template
            return
        old = [name for name in self.old_names if name.startswith(f"{found[1]}-")]
        for name in (f"{PROJECT}-{self.stage.stacks}-{found[1]}-*", *old):
            yield template.replace(found[0], name)
