"""The keys of objects in S3 that an operation names: each starts with a segment to be trusted."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

_PARAMETER = re.compile(r"\{([A-Za-z][A-Za-z0-9]*)\}")


@dataclass(frozen=True, kw_only=True)
class ObjectKey(ABC):
    """`<prefix>/<label>=<trusted>/<name>`. Subclasses say what is trusted, and why."""

    prefix: str
    """Such as `notes`, without a slash at either end."""
    name: str
    """Such as `note={noteId}/title`; path parameters of the route are in braces."""
    lengths: Mapping[str, int] = field(default_factory=dict[str, int])
    """Characters of parameters that have a fixed number of them: no role allows another."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9/_.-]*[A-Za-z0-9]", self.prefix):
            raise ValueError(f"prefix must be plain and end without a slash, got {self.prefix!r}")
        if self.trusted in self.parameters or not re.fullmatch(
            r"[A-Za-z0-9/=_.-]*", _PARAMETER.sub("", self.name)
        ):
            raise ValueError(f"name must be plain but for its parameters, got {self.name!r}")

    @property
    @abstractmethod
    def trusted(self) -> str:
        """Name of the trusted segment in `template`."""

    @property
    def label(self) -> str:
        """What stands in front of the trusted segment."""
        return self.trusted

    @property
    @abstractmethod
    def source(self) -> str:
        """Where the trusted segment comes from, as a mapping expression of API Gateway."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The trusted segments that a role may touch, as IAM writes them."""
        return ("*",)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Statuses by which S3 refuses a trusted segment that is not allowed."""
        return () if self.allowed == ("*",) else ("403",)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The route's path parameters that are part of the key."""
        return tuple(_PARAMETER.findall(self.name))

    @property
    def template(self) -> str:
        """The key as an integration's URI wants it, with `{names}` to be filled in."""
        return f"{self.prefix}/{self.label}={{{self.trusted}}}/{self.name}"

    @property
    def patterns(self) -> tuple[str, ...]:
        """The keys as resources of an IAM policy, for every trusted segment that is allowed.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
        """
        name = _PARAMETER.sub(lambda found: "?" * self.lengths.get(found[1], 0) or "*", self.name)
        return tuple(f"{self.prefix}/{self.label}={one}/{name}" for one in self.allowed)

    @property
    def mapping(self) -> dict[str, str]:
        """Where the names in `template` come from, as `requestParameters` of an integration.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
        """
        return {
            f"integration.request.path.{self.trusted}": self.source,
            **{
                f"integration.request.path.{one}": f"method.request.path.{one}"
                for one in self.parameters
            },
        }


@dataclass(frozen=True, kw_only=True)
class UserKey(ObjectKey):
    """The key of an object that belongs to the token's user, who stands before the client's words.

    >>> UserKey(prefix="notes", name="note={noteId}").template
    'notes/userId={userId}/note={noteId}'
    """

    @property
    def trusted(self) -> str:
        return "userId"

    @property
    def source(self) -> str:
        return "context.authorizer.claims.sub"


@dataclass(frozen=True, kw_only=True)
class ListedKey(ObjectKey):
    """The key of an object that belongs to one of some listed values, named in the route's path.

    The role's list of resources is the list of values: S3 refuses any other with 403.

    >>> ListedKey(prefix="notes", parameter="key", named="book", values=("a",), name="x").patterns
    ('notes/book=a/x',)
    """

    parameter: str
    """The route's path parameter with the value, such as `key`."""
    named: str
    """What stands in front of the value, such as `book`."""
    values: tuple[str, ...]
    """All that a request may name, each plain text."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if odd := [one for one in self.values if not re.fullmatch(r"[A-Za-z0-9_-]+", one)]:
            raise ValueError(f"values must be of A-Z a-z 0-9 - _, got {odd[0]!r}")

    @property
    def trusted(self) -> str:
        return self.parameter

    @property
    def label(self) -> str:
        return self.named

    @property
    def source(self) -> str:
        return f"method.request.path.{self.parameter}"

    @property
    def allowed(self) -> tuple[str, ...]:
        return self.values

    @property
    def patterns(self) -> tuple[str, ...]:
        # A policy must name a resource. Without a value, it is one that no route can name.
        return super().patterns or (f"{self.prefix}/{self.named}=",)
