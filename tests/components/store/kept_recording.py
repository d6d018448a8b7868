"""A recording to keep, and the machine that keeps it."""

from typing import Any

import pytest

from components.store.keeping_item import KeepingPlaces
from components.store.keeping_machine import keeping_machine
from tests.components.store.keeping_world import BUCKET, TABLE, KeepingWorld
from tests.components.store.state_machine import run

PLACES = KeepingPlaces(
    bucket=BUCKET,
    table=TABLE,
    recordings="rrweb/recordings",
    assets="rrweb/assets",
    kept="rrweb/kept",
    wait_seconds=150,
)
MACHINE = keeping_machine(PLACES)
FROM = "rrweb/recordings/userId=u/sessionId=r/"
TO = "rrweb/kept/userId=u/sessionId=r/"
SHA, OTHER = "a" * 64, "b" * 64
ONE = {"owner": "user#u", "recordingId": "r", "isEnd": False, "assets": ""}
END = {**ONE, "isEnd": True}
OWN = ("stream/a.gz", "stream/b.gz", "large/7", "screenshot")


def copies(store: KeepingWorld) -> set[str]:
    return {key for key in store.objects if key.startswith("rrweb/kept/")}


def of(store: KeepingWorld) -> dict[str, Any]:
    """Return what the item says of its keeping."""
    item = store.read("user#u", "r") or {}
    return {name: item[name] for name in ("expiresAt", "retainedUntil", "keeping") if name in item}


def kept(store: KeepingWorld, patch: pytest.MonkeyPatch, **more: Any) -> None:
    assert run(MACHINE, store, {**ONE, **more}, patch).status == "SUCCEEDED"


ALL = {f"{TO}{one}" for one in OWN}
