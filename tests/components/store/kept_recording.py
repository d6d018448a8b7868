"""A store with a recording to keep, and the machine that keeps it."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from components.store.keeping_item import KeepingPlaces
from components.store.keeping_machine import keeping_machine
from tests.components.store.keeping_world import BUCKET, TABLE, KeepingWorld
from tests.components.store.state_machine import run
from tests.moto_account import moto_account

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


@contextmanager
def store_with_a_recording() -> Generator[KeepingWorld]:
    """Yield a store with one recording of the user, and objects of others."""
    with moto_account():
        made = KeepingWorld()
        made.item("user#u", "r")
        made.store(*(f"{FROM}{one}" for one in OWN))
        made.store(f"rrweb/assets/userId=u/{SHA}", f"rrweb/assets/userId=u/{OTHER}")
        made.store("rrweb/recordings/userId=u/sessionId=r2/screenshot")
        yield made


def copies(store: KeepingWorld) -> set[str]:
    return {key for key in store.objects if key.startswith("rrweb/kept/")}


def of(store: KeepingWorld) -> dict[str, Any]:
    """Return what the item says of its keeping."""
    item = store.read("user#u", "r") or {}
    return {name: item[name] for name in ("expiresAt", "retainedUntil", "keeping") if name in item}


def kept(store: KeepingWorld, patch: pytest.MonkeyPatch, **more: Any) -> None:
    assert run(MACHINE, store, {**ONE, **more}, patch).status == "SUCCEEDED"


ALL = {f"{TO}{one}" for one in OWN}
