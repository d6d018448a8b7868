"""What a release without sites wrote: tests/data/README.md."""

import base64
import copy
import gzip
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.program import PROJECT

Item = dict[str, Any]
"""In DynamoDB's typed JSON."""


@cache
def written() -> dict[str, Any]:
    """Return the file; change nothing in it."""
    return json.loads((PROJECT / "tests/data/earlier-release.json").read_text(encoding="utf-8"))


def items(expires_at: float) -> list[Item]:
    """Return the items of its table, with another end."""
    end = {"expiresAt": {"N": str(int(expires_at))}}
    return [{**copy.deepcopy(item), **end} for item in written()["items"]]


@dataclass(frozen=True, kw_only=True)
class Object:
    """An object of its bucket."""

    key: str
    body: bytes
    content_type: str


def objects(users: dict[str, str]) -> list[Object]:
    """Return the objects of its bucket, as they would be of other users.

    Args:
        users: The `sub` of each user of the file.
    """
    return [
        Object(
            key=_of(one["key"].encode(), users).decode(),
            body=_body_of(base64.b64decode(one["body"]), users),
            content_type=one["contentType"],
        )
        for one in written()["objects"]
    ]


def _body_of(body: bytes, users: dict[str, str]) -> bytes:
    """Return a body whose envelopes name those users."""
    return gzip.compress(_of(gzip.decompress(body), users)) if body[:2] == b"\x1f\x8b" else body


def _of(text: bytes, users: dict[str, str]) -> bytes:
    for name, sub in users.items():
        text = text.replace(written()["users"][name].encode(), sub.encode())
    return text
