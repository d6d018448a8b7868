"""Two sites with near names, their keys, and requests of their visitors and watchers."""

import base64
import hashlib
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.server import Sandbox
from tests.e2e.answers import Answer, exactly
from tests.e2e.stack import SANDBOX_DELIVERY_S, SPEED, UNTHROTTLED, sandbox_stack
from tests.e2e.store import Store
from tests.e2e.user import User

SHOP_KEY = "wk_shop0key0in0use000000000"
SHOP_SECOND_KEY = "wk_shop0key0second000000000"
SHOP_RETIRED_KEY = "wk_shop0key0retired00000000"
SHOP2_KEY = "wk_shop20key0in0use00000000"
UNKNOWN_KEY = "wk_no0site0has0this0key0000"
SHOP_ORIGIN = "https://shop.example"
SITES = [
    {
        "id": "shop",
        "keys": [SHOP_KEY, SHOP_SECOND_KEY],
        "retiredKeys": [SHOP_RETIRED_KEY],
        "origins": [SHOP_ORIGIN],
        "privacy": "private",
    },
    {"id": "shop2", "keys": [SHOP2_KEY]},
]

TEXT = "text/plain"
BATCH = b'{"type":4,"data":{"href":"https://shop.example/"},"timestamp":1}\n'
FIRST = "000000000"

# What a refusal says, in a word: the tables of answers hold these.
SAID = {
    "The write key is unknown: take the script tag from the set-up page of the site again.": (
        "unknown key"
    ),
    "The write key is retired: take the script tag from the set-up page of the site again.": (
        "retired key"
    ),
    (
        "Pages of this origin may not write into the site: its setting `origins` does not list it."
    ): "origin",
    "This caller may not do this, or the path holds what its parameters do not allow.": "path",
    "No such route, or no credentials.": "no route",
    "You are not in the group site-<siteId>, whose members watch the site.": "no watcher",
    "recordingId must be 1 to 64 of A-Z a-z 0-9 - _.": "recordingId",
    "sequence must be nine digits, leading zeros included.": "sequence",
    "sha256 must be the SHA-256 of the bytes in lower-case hex.": "sha256",
    "Nothing was stored: the body is not the one that its checksum names.": "other bytes",
    "Nothing was stored: the checksum must be the base64 of a SHA-256.": "checksum",
    "Nothing was stored: send the bytes with a Content-Type that this operation lists.": "type",
    (
        "Send a Content-Type that this operation lists, without parameters. A Content-Encoding "
        "must be gzip or deflate, and the body must be encoded so."
    ): "type",
    "The body is larger than 64 KiB.": "size",
    "The body must have one fact or more.": "no facts",
    "It is stored already, and is unchanged.": "stored",
}


@contextmanager
def two_sites(folder: Path, **settings: str) -> Generator[Sandbox]:
    """Yield a sandbox with the sites `shop` and `shop2`, and these settings of `rrweb-store`."""
    config = {
        **UNTHROTTLED,
        "rrweb-store:sites": json.dumps(SITES),
        # Of the pages that read: visitors write from any other.
        "rrweb-store:allowOrigin": "https://watching.example",
        **{f"rrweb-store:{name}": value for name, value in settings.items()},
    }
    with Sandbox(folder, speed=SPEED, config=config) as running:
        yield running


def member(sandbox: Sandbox, name: str, *groups: str) -> User:
    """Return a user who is in exactly these groups."""
    tokens = sandbox.tokens(name, groups)
    return User(sandbox.api_url, tokens["IdToken"], delivery_s=SANDBOX_DELIVERY_S, tokens=tokens)


def asset_of(recording_id: str) -> bytes:
    """Return a picture that no other recording has: the same one again would be 412."""
    return b"\xff\xd8\xff\xe0" + recording_id.encode()


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def checksum(body: bytes) -> str:
    """Return what the query's `checksum` says of a body."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


@dataclass(frozen=True, kw_only=True)
class Write:
    """A request of a visitor's browser."""

    operation_id: str
    target: str
    """What follows `/w/`."""
    body: bytes | None = None
    content_type: str | None = TEXT

    def said(self, sandbox: Sandbox, **headers: str) -> str:
        """Return the answer's status, and in a word what a refusal says."""
        return said(self.answer(sandbox, **headers))

    def answer(self, sandbox: Sandbox, **headers: str) -> Answer:
        """Return the checked answer, which pages of any origin may read."""
        typed = {} if self.content_type is None else {"Content-Type": self.content_type}
        answer = exactly(
            sandbox.api_url,
            "HEAD" if self.body is None else "POST",
            f"/w/{self.target}",
            headers={"Origin": SHOP_ORIGIN, **({} if self.body is None else typed), **headers},
            body=self.body,
        )
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer


def said(answer: Answer) -> str:
    """Return the answer's status, and in a word what a refusal says."""
    if answer.status < 400 or not answer.body:
        return str(answer.status)
    detail = json.loads(answer.body)["detail"]
    return f"{answer.status} {SAID.get(detail, detail)}"


def create(
    key: str, recording_id: str, body: bytes = b"{}", content_type: str | None = TEXT
) -> Write:
    return Write(
        operation_id="createSiteRecording",
        target=f"{key}/recordings/{recording_id}",
        body=body,
        content_type=content_type,
    )


def facts(
    key: str, recording_id: str, body: bytes = b'{"clicks":1}', content_type: str | None = TEXT
) -> Write:
    return Write(
        operation_id="putSiteFacts",
        target=f"{key}/recordings/{recording_id}/facts",
        body=body,
        content_type=content_type,
    )


def append(
    key: str,
    recording_id: str,
    body: bytes = BATCH,
    content_type: str | None = TEXT,
    sequence: str = FIRST,
) -> Write:
    return Write(
        operation_id="appendSiteEvents",
        target=f"{key}/recordings/{recording_id}/events/{sequence}",
        body=body,
        content_type=content_type,
    )


def put_asset(key: str, body: bytes, content_type: str | None = "image/png") -> Write:
    query = f"checksum={quote(checksum(body), safe='')}"
    return Write(
        operation_id="putSiteAsset",
        target=f"{key}/assets/{sha256(body)}?{query}",
        body=body,
        content_type=content_type,
    )


def head_asset(key: str, name: str) -> Write:
    return Write(operation_id="headSiteAsset", target=f"{key}/assets/{name}")


def every_write(key: str, recording_id: str) -> list[Write]:
    """Return a request of each operation, in the order in which a recorder sends them."""
    asset = asset_of(recording_id)
    return [
        create(key, recording_id),
        facts(key, recording_id),
        append(key, recording_id),
        put_asset(key, asset),
        head_asset(key, sha256(asset)),
    ]


def recordings(sandbox: Sandbox, recording_id: str) -> dict[str, str]:
    """Return the write key of each recording of this id in the table, by its owner."""
    pages = (
        sandbox.cloud.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=sandbox.exports["tableName"])
    )
    return {
        item["owner"]["S"]: item.get("siteKey", {}).get("S", "")
        for page in pages
        for item in page["Items"]
        if item["recordingId"]["S"] == recording_id
    }


def listed(user: User, site: str) -> list[str]:
    """Return the ids that the list of a site has."""
    pages = user.listed(f"/sites/{site}/recordings")
    return [str(one["recordingId"]) for page in pages for one in page]


def watched_paths(recording_id: str) -> list[str]:
    """Return what follows `/sites/{siteId}/` in each operation of a watcher.

    They are the list, and of one recording what describes it, its events, its screenshot, which no
    visitor sends, and its asset.
    """
    one = f"recordings/{recording_id}"
    asset = f"assets/{sha256(asset_of(recording_id))}"
    return ["recordings", one, f"{one}/events", f"{one}/screenshot", asset]


def statuses(user: User, site: str, recording_id: str, **headers: str) -> list[int]:
    """Return what the operations of `watched_paths` answer."""
    accepted = {"Accept": "image/png", **headers}
    return [
        user.http.get(f"{user.api_url}/sites/{site}/{path}", headers=accepted).status_code
        for path in watched_paths(recording_id)
    ]


def scan(shops: Sandbox) -> dict[str, tuple[str, str | None]]:
    """Return the user and the site of each recording that the operator sees."""
    stack, anonymous = sandbox_stack(shops), User(shops.api_url, None, delivery_s=0)
    url = f"{shops.api_url}/operator/recordings?limit=100"
    page: dict[str, Any] = anonymous.http.get(url, headers=stack.signature(url)).json()
    assert "nextCursor" not in page
    return {one["recordingId"]: (one["userId"], one.get("siteId")) for one in page["recordings"]}


class Bucket:
    """Remembers which objects there are, to tell later which have come."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._store = Store(sandbox)
        self._known = set(self._store.objects())

    def new(self) -> list[str]:
        """Return the keys of objects that have come since this was made."""
        return sorted(set(self._store.objects()) - self._known)


def objects_of(key: str, recording_id: str) -> list[str]:
    """Return where `every_write` stores."""
    return [
        f"rrweb/assets/siteKey={key}/{sha256(asset_of(recording_id))}",
        f"rrweb/recordings/siteKey={key}/sessionId={recording_id}/batch/{FIRST}",
    ]
