"""The API's resource policy: it allows the routes, and no path that could name another key."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_S3_PATH = ":s3:path/"
# What the pattern of no path parameter allows. Where no template runs, nothing else in API Gateway
# looks at a parameter before it becomes part of an S3 key. Whether the path is decoded when the
# policy sees it is not documented: % and / cover both. The policy may have 8,192 bytes, so only
# what divides or escapes in some URL is here; anything else makes an odd key of the user's own.
_NO_PART_OF_A_PARAMETER = "%/.;'=&+"
_LONGEST_PARAMETER = 64


def invoke_policy(
    body: dict[str, Any], stage_name: str, operators: Sequence[str] = ()
) -> dict[str, Any]:
    """Return `x-amazon-apigateway-policy` for a body whose operations have their integrations.

    It allows every route but those signed with SigV4: naming them here would open them to all of
    the account's principals, as IAM's own yes or no would no longer be asked. Only `operators`,
    ARNs of roles in the account, may call those without an IAM policy.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """
    allowed = [f"execute-api:/{stage_name}/OPTIONS/*"]
    signed: list[str] = []
    denied: list[str] = []
    for path, item in body["paths"].items():
        for verb, operation in item.items():
            routes = signed if _is_signed(body, operation) else allowed
            route = f"execute-api:/{stage_name}/{verb.upper()}{_wildcard(path)}"
            # A slash after the path reaches the same route, so it gets the same answer.
            routes.extend([route] if route.endswith("*") else [route, f"{route}/"])
        if any(_is_users_object(one) for one in item.values()):
            denied.extend(f"execute-api:/{stage_name}/*{one}" for one in _strange(path))
    denied = list(dict.fromkeys(denied))
    statements = [_statement("Allow", _without_covered(allowed))]
    if signed and operators:
        statements.append({**_statement("Allow", signed), "Principal": {"AWS": list(operators)}})
    if denied:
        statements.append(_statement("Deny", denied))
    return {"Version": "2012-10-17", "Statement": statements}


def _without_covered(routes: Sequence[str]) -> list[str]:
    """Return the routes that no other one allows too: the policy may have 8,192 bytes.

    >>> _without_covered(["GET/notes/*", "GET/notes/*/text", "GET/notes"])
    ['GET/notes/*', 'GET/notes']
    """
    open_ended = [one for one in routes if one.endswith("*")]
    return [
        route
        for route in routes
        if not any(one != route and route.startswith(one[:-1]) for one in open_ended)
    ]


def _is_users_object(operation: dict[str, Any]) -> bool:
    """Return whether the operation names an object that its role does not tell from another user's.

    Without credentials there is no user: the role lists what may be written, so S3 itself refuses.
    """
    uri = operation["x-amazon-apigateway-integration"].get("uri", "")  # a mock has none
    return _S3_PATH in uri and operation.get("security") != []


def _statement(effect: str, resources: Iterable[str]) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": list(resources),
    }


def _is_signed(body: dict[str, Any], operation: dict[str, Any]) -> bool:
    schemes = body["components"]["securitySchemes"]
    names = [name for requirement in operation.get("security", []) for name in requirement]
    return any(schemes[name]["x-amazon-apigateway-authtype"] == "awsSigv4" for name in names)


def _wildcard(path: str) -> str:
    return "/".join("*" if part.startswith("{") else part for part in path.split("/"))


def _strange(path: str) -> Iterator[str]:
    """Yield a pattern for each parameter of `path` and each thing that it cannot be.

    Each pattern ends in `*`, and its caller puts one in front: API Gateway ignores slashes before
    and after a path when it chooses the route, and keeps them in what the policy sees.
    """
    parts = _wildcard(path).split("/")
    strange = [f"*{character}*" for character in _NO_PART_OF_A_PARAMETER]
    strange.append("?" * (_LONGEST_PARAMETER + 1) + "*")
    for place, part in enumerate(parts):
        if part == "*":
            for one in strange:
                pattern = "/".join([*parts[:place], one, *parts[place + 1 :]])
                yield pattern if pattern.endswith("*") else f"{pattern}*"
            if place + 1 < len(parts):  # `%74itle` may reach the route of `title`
                yield "/".join([*parts[:place], "*", "*%*"])
