"""A picture of the recorded page at a moment, drawn by headless Chromium."""

from collections.abc import Iterable

from rrweb_store.errors import StoreError
from rrweb_store.events import Event


def picture_at(_events: Iterable[Event], _at_ms: float) -> bytes:
    """Return a PNG.

    Raises:
        StoreError: There is no browser that could draw it.
    """
    raise StoreError("a picture needs headless Chromium, which this release does not use yet")
