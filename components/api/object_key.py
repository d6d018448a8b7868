"""UserKey: the key of an object that belongs to the token's user."""

import re
from dataclasses import dataclass

_PARAMETER = re.compile(r"\{([A-Za-z][A-Za-z0-9]*)\}")
_USER = "userId"


@dataclass(frozen=True, kw_only=True)
class UserKey:
    """`<prefix>/userId=<sub>/<name>`: the user of the token before anything that a client chose.

    >>> UserKey(prefix="notes", name="note={noteId}").template
    'notes/userId={userId}/note={noteId}'
    """

    prefix: str
    """Such as `notes`, without a slash at either end."""
    name: str
    """Such as `note={noteId}/title`; path parameters of the route are in braces."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9/_.-]*[A-Za-z0-9]", self.prefix):
            raise ValueError(f"prefix must be plain and end without a slash, got {self.prefix!r}")
        if _USER in self.parameters or not re.fullmatch(
            r"[A-Za-z0-9/=_.-]*", _PARAMETER.sub("", self.name)
        ):
            raise ValueError(f"name must be plain but for its parameters, got {self.name!r}")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The route's path parameters that are part of the key."""
        return tuple(_PARAMETER.findall(self.name))

    @property
    def template(self) -> str:
        """The key as an integration's URI wants it, with `{names}` to be filled in."""
        return f"{self.prefix}/{_USER}={{{_USER}}}/{self.name}"

    @property
    def pattern(self) -> str:
        """The key as the resource of an IAM policy, for all users."""
        return _PARAMETER.sub("*", self.template)

    @property
    def mapping(self) -> dict[str, str]:
        """Where the names in `template` come from, as `requestParameters` of an integration.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
        """
        return {
            f"integration.request.path.{_USER}": "context.authorizer.claims.sub",
            **{
                f"integration.request.path.{one}": f"method.request.path.{one}"
                for one in self.parameters
            },
        }
