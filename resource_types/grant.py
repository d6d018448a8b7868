"""Permissions as data: which actions, on which resources, under which condition."""

from dataclasses import dataclass
from enum import Enum, auto


class Condition(Enum):
    """When a grant applies. `bootstrap/permissions.py` writes each as IAM's condition."""

    REQUEST_HAS_TAGS = auto()
    """The request carries the stage's tags `project` and `stack`."""
    RESOURCE_HAS_TAGS = auto()
    """The resource has the stage's tags."""
    FIRST_TAGS = auto()
    """The request carries the stage's tags, and the resource has neither of them yet."""
    CHANGING_TAGS = auto()
    """The request changes only tags that no permission depends on."""
    BOUNDED_ROLE = auto()
    """The role has the stage's permissions boundary."""


class Stages(Enum):
    """Which stages' roles have a grant."""

    ALL = auto()
    EMPTYING = auto()
    """Stages without real recordings: they delete objects and create test users."""
    PERMANENT = auto()
    """Stages with one long-lived stack."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Actions that a role is allowed."""

    actions: tuple[str, ...]
    on: tuple[str, ...] = ()
    """ARN templates for `bootstrap.scope.Scope.arns`; empty for the type's own."""
    condition: Condition | None = None
    stages: Stages = Stages.ALL
    policy: str = ""
    """Name of the policy that contains it; empty for the type's own."""
    in_preview: bool = False
    """Whether the provider makes these calls in a preview already, before it changes anything.

    Roles that deploy nothing have it too, and one of them runs unreviewed code. So the calls must
    change nothing and read no data.
    """


def actions(service: str, names: str) -> tuple[str, ...]:
    """Return actions of a service.

    >>> actions("sns", "Publish Subscribe")
    ('sns:Publish', 'sns:Subscribe')
    """
    return tuple(f"{service}:{name}" for name in names.split())
