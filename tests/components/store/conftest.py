"""What the tests of keeping share."""

from collections.abc import Iterator

import pytest

from tests.components.store.keeping_world import KeepingWorld
from tests.components.store.kept_recording import FROM, OTHER, OWN, SHA
from tests.moto_account import moto_account


@pytest.fixture
def store() -> Iterator[KeepingWorld]:
    """Yield a store with one recording of the user, and objects of others."""
    with moto_account():
        made = KeepingWorld()
        made.item("user#u", "r")
        made.store(*(f"{FROM}{one}" for one in OWN))
        made.store(f"rrweb/assets/userId=u/{SHA}", f"rrweb/assets/userId=u/{OTHER}")
        made.store("rrweb/recordings/userId=u/sessionId=r2/screenshot")
        yield made
