"""Renders a mapping template with the sandbox's engine, and says what came out, parsed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import strategies as st

from sandbox.gateway.velocity import Input, Util, render

USER = "11111111-2222-3333-4444-555555555555"
OWNER = f"user#{USER}"
"""The user as the owner of recordings."""
REQUEST_TIME_MS = 1_700_000_000_999
EXTENDED_REQUEST_ID = "gateway-made="

RECORDING_ID = "0197-recording_A"
GOOD_RECORDING_IDS = ("a", "A", "0", "-", "_", "a" * 64, RECORDING_ID, "refused", "null")
BAD_RECORDING_IDS = (
    "",
    "a" * 65,
    ".",
    "..",
    "../other",
    "a/b",
    "a%2Fb",
    'a"b',
    "a'b",
    "a b",
    "a\\b",
    "a\n",
    "\na",
    "a\r",
    "a\x00",
    "a\u2028b",
    "é",
    "١",
    "😀",
    "$context",
    "$context.authorizer.claims.sub",
    "#set($user = 1)",
    '", "x": "',
)

# What quotes badly, is code to Velocity, or ends a line to somebody.
_NASTY = (
    *('"', "'", "\\", "\\'", '\\"', "\\\\'", "/", "\\u0041", "\n", "\r", "\t", "\x00", "\x7f"),
    *("\u2028", "\u2029", "\ufeff", "é", "😀", "</script>", "{", "}", "[", "]", ",", ":"),
    *("$", "#", "##", "#*", "*#", "#[[", "]]#", "$!", "${", "#end", "#if(true)", "#set($x = 1)"),
    *("$util.base64Encode('x')", "$input.body", "$context.authorizer.claims.sub", "#parse('x')"),
)
HOSTILE = st.lists(st.sampled_from(_NASTY) | st.text(max_size=4), max_size=12).map("".join)
"""Text as a client may send it: whatever UTF-8 can say."""
LONE_SURROGATES = st.builds("{}{}{}".format, HOSTILE, st.characters(categories=["Cs"]), HOSTILE)
"""Text that JSON can say, by `\\ud800`, and UTF-8 cannot."""


def strict_json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: It is none, has a member twice, or a number that JSON does not have.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"a member is there twice: {[name for name, _ in pairs]}")
        return dict(pairs)

    def refused(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    return json.loads(text, object_pairs_hook=once, parse_constant=refused)


def stage_variable(name: str) -> str:
    """Return the value that a stage variable has while a template is rendered.

    >>> stage_variable("streamName"), stage_variable("queueUrl")
    ('a-stream', 'a-queue-url')
    """
    words = re.sub(r"[A-Z]", lambda capital: f"-{capital[0].lower()}", name.removesuffix("Name"))
    return f"a-{words}"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What a template made, and what it overrode of the answer."""

    text: str
    status: int | None = None
    """`$context.responseOverride.status`; None when the template left it alone."""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    """`$context.responseOverride.header`."""
    request: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """`$context.requestOverride`: headers and query parameters by name."""

    @property
    def json(self) -> Any:
        return strict_json(self.text)


def rendered(
    template: str,
    body: str = "",
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    user: str = USER,
    groups: str | None = None,
    request_time_ms: int = REQUEST_TIME_MS,
) -> Rendered:
    """Return what the template makes of a request, or of a service's answer."""
    claims = {"sub": user, **({} if groups is None else {"cognito:groups": groups})}
    context: dict[str, Any] = {
        "authorizer": {"claims": claims},
        "extendedRequestId": EXTENDED_REQUEST_ID,
        "requestId": "the client may choose this one",
        "requestTimeEpoch": request_time_ms,
        "responseOverride": {"header": {}},
        "requestOverride": {"header": {}, "querystring": {}, "path": {}},
    }
    text = render(
        template,
        {
            "input": Input(body, dict(path or {}), dict(query or {}), dict(headers or {})),
            "util": Util(),
            "context": context,
            "stageVariables": {
                name: stage_variable(name)
                for name in re.findall(r"\bstageVariables\.(\w+)", template)
            },
        },
    )
    override = cast("dict[str, Any]", context["responseOverride"])
    return Rendered(
        text=text,
        status=override.get("status"),
        headers=override["header"],
        request=cast("dict[str, dict[str, str]]", context["requestOverride"]),
    )


def problem(status: int, title: str, detail: str) -> dict[str, object]:
    """Return the problem that a template should answer with."""
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "requestId": EXTENDED_REQUEST_ID,
    }
