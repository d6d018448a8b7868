"""What each release has recorded, as tests read it: tests/recorded-by/README.md."""

import base64
import copy
import gzip
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.program import PROJECT

FOLDER = PROJECT / "tests" / "recorded-by"

Item = dict[str, Any]
"""In DynamoDB's typed JSON."""


@dataclass(frozen=True, kw_only=True)
class Object:
    """An object of the bucket."""

    key: str
    body: bytes
    content_type: str


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """What one release has left; change nothing in it."""

    stored: dict[str, Any]
    expected: dict[str, Any]

    @property
    def user(self) -> str:
        """The `sub` of the user."""
        return self.stored["user"]

    def items(self, expires_at: float, user: str = "") -> list[Item]:
        """Return the items of the table with another end, as they would be of another user."""
        end = {"expiresAt": {"N": str(int(expires_at))}}
        text = json.dumps([{**item, **end} for item in self.stored["items"]])
        return json.loads(text.replace(self.user, user or self.user))

    def objects(self, user: str = "") -> list[Object]:
        """Return the objects of the bucket, as they would be of another user."""
        return [
            Object(
                key=one["key"].replace(self.user, user or self.user),
                body=self._body(base64.b64decode(one["body"]), user),
                content_type=one["contentType"],
            )
            for one in self.stored["objects"]
        ]

    def _body(self, body: bytes, user: str) -> bytes:
        """Return a body whose envelopes name that user; the same bytes without one."""
        if not user or body[:2] != b"\x1f\x8b":
            return body
        plain = gzip.decompress(body)
        other = plain.replace(self.user.encode(), user.encode())
        return body if other == plain else gzip.compress(other)

    def of(self, owner: str) -> dict[str, Any]:
        """Return what is expected of the recording of `user` or `site`."""
        (found,) = (one for one in self.expected["recordings"] if one["owner"] == owner)
        return copy.deepcopy(found)


def releases() -> list[str]:
    """Return the releases that have recorded, from the first to the last."""
    made = {path.parent.name: path for path in FOLDER.glob("*/expected.json")}
    first = {
        name: _json(path)["recordings"][0]["answer"]["createdAtMs"] for name, path in made.items()
    }
    return sorted(made, key=lambda name: first[name])


@cache
def recordings_of(release: str) -> Recordings:
    folder = FOLDER / release
    stored = json.loads(gzip.decompress((folder / "stored.json.gz").read_bytes()))
    return Recordings(stored=stored, expected=_json(folder / "expected.json"))


def _json(path: Any) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
