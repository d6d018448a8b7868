"""What a proxy event of API Gateway asks for, and whether its token may have it."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import unquote

from handlers.answer import ProblemError

JsonObject = Mapping[str, Any]
"""Decoded JSON that the gateway or AWS made; what is read of it is checked where it is read."""

SITE_ROUTES = "/sites/{siteId}/"
"""What each route of a site starts with."""
_USER_ID = re.compile(r"[A-Za-z0-9-]{1,128}")
_RECORDING_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SITE_ID = re.compile(r"[a-z][a-z0-9-]{0,30}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PARAMETERS = {
    "recordingId": (_RECORDING_ID, "1 to 64 of A-Z a-z 0-9 - _"),
    "siteId": (_SITE_ID, "a lower-case letter and up to 30 of a-z 0-9 -"),
    "sha256": (_SHA256, "64 of 0-9 a-f"),
}
# API Gateway makes one text of a list of groups, and AWS does not say which: with commas, spaces or
# brackets, or as JSON. No name of a group has a space, and ours have none of the others.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
_AROUND_GROUPS = re.compile(r'[\s,"\[\]]+')


class Owner(NamedTuple):
    """Whose recording it is."""

    kind: Literal["user", "site"]
    id: str

    @property
    def key(self) -> str:
        """The partition of the table that holds the owner's recordings."""
        return f"{self.kind}#{self.id}"

    @property
    def has_no(self) -> str:
        """Start of a sentence that tells a caller what there is none of."""
        return "you have no" if self.kind == "user" else f"the site {self.id} has no"


class Request(NamedTuple):
    """A request that its token allows."""

    route: str
    """As the contract writes it."""
    owner: Owner
    name: str
    """The last parameter of the route: a recording's id, or an asset's SHA-256."""
    cursor: str | None
    accept: str
    """The header, empty where there is none; as the next."""
    if_none_match: str
    recording_id: str
    """Whose asset it is, if the route names a recording before an asset."""


def request_from(event: JsonObject) -> Request:
    """Return what a proxy `event` asks for.

    Raises:
        ProblemError: 403 without a usable user, or without the group of the site; 400 for a
            parameter that is none.
    """
    route = str(event.get("resource"))
    owner = _site(event) if route.startswith(SITE_ROUTES) else _user(event)
    cursor = object_from(event.get("queryStringParameters")).get("cursor")
    return Request(
        route=route,
        owner=owner,
        name=_parameter(event, "sha256" if route.endswith("/{sha256}") else "recordingId"),
        cursor=None if cursor is None else str(cursor),
        accept=_header(event, "accept"),
        if_none_match=_header(event, "if-none-match"),
        recording_id=_parameter(event, "recordingId") if "{recordingId}" in route else "",
    )


def groups_in(claim: object) -> frozenset[str]:
    """Return the groups that the claim `cognito:groups` names, in whichever form it arrives.

    >>> sorted(groups_in("[site-shop, site-blog]"))
    ['site-blog', 'site-shop']
    """
    texts = cast("Iterable[object]", claim) if isinstance(claim, list) else [claim]
    names = (name for text in texts if isinstance(text, str) for name in _AROUND_GROUPS.split(text))
    return frozenset(name for name in names if name)


def object_from(value: object) -> JsonObject:
    """Return a JSON object, or an empty one: the gateway writes null for what there is none of."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}


def _user(event: JsonObject) -> Owner:
    user_id = _claims(event).get("sub")
    if not isinstance(user_id, str) or not _USER_ID.fullmatch(user_id):
        raise ProblemError(HTTPStatus.FORBIDDEN, "the token names no user")
    return Owner("user", user_id)


def _site(event: JsonObject) -> Owner:
    site_id = _parameter(event, "siteId")
    group = f"site-{site_id}"
    if group not in groups_in(_claims(event).get("cognito:groups")):
        raise ProblemError(
            HTTPStatus.FORBIDDEN, f"only members of the group {group} may watch this site"
        )
    return Owner("site", site_id)


def _claims(event: JsonObject) -> JsonObject:
    authorizer = object_from(object_from(event.get("requestContext")).get("authorizer"))
    return object_from(authorizer.get("claims"))


def _parameter(event: JsonObject, name: str) -> str:
    """Return a parameter of the path. Raises ProblemError, 400.

    A proxy event has them as they were sent. None holds a %, so decoding one that is decoded
    already changes nothing.
    """
    sent = object_from(event.get("pathParameters")).get(name)
    pattern, meaning = _PARAMETERS[name]
    value = unquote(sent) if isinstance(sent, str) else ""
    if not pattern.fullmatch(value):
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"{name} must be {meaning}")
    return value


def _header(event: JsonObject, name: str) -> str:
    """Return a header of the request, or an empty text."""
    headers = object_from(event.get("headers"))
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
