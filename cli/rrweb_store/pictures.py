"""Pictures of a recording: PNG files of what the visitor's screen showed."""

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rrweb_store.api import Api
from rrweb_store.app import progress
from rrweb_store.chromium import Tab, chromium_path, opened
from rrweb_store.cut import Cut
from rrweb_store.errors import BadInputError, StoreError
from rrweb_store.events import Page
from rrweb_store.json_values import list_of, number_of, object_of
from rrweb_store.one_file import OneFile, write_one_file
from rrweb_store.private_file import whole_file
from rrweb_store.recording_ref import RecordingRef

# The largest picture that is drawn: a page may say that its window is of any size.
_MOST_PX = 4_000


def save_pictures(  # noqa: PLR0913 - each a fact of its own
    browser: str,
    page: Path,
    folder: Path,
    *,
    from_ms: float,
    every_ms: int | None,
    replace: bool,
) -> int:
    """Save a picture at each moment into a folder, and return how many there are.

    Args:
        browser: Path of a Chromium.
        page: The exported page.
        folder: It is made if it is missing.
        from_ms: Where the page starts in the recording: the pictures are named by its time.
        every_ms: Between two pictures; None for one at each error.
        replace: Whether files of the same names may be there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"cannot write {folder}: {error.strerror}") from error
    with opened(browser, page) as tab:
        found = opening(tab)
        errors = [one for one in found.errors_ms if one >= found.start_ms]
        moments = errors if every_ms is None else spaced(found.start_ms, found.total_ms, every_ms)
        if not moments:
            raise StoreError("the recording has no errors: no picture was made")
        with progress(folder.name, len(moments)) as advance:
            for number, at_ms in enumerate(moments):
                name = name_of(from_ms + at_ms - found.start_ms)
                with whole_file(folder / name, replace=replace) as file:
                    file.write(_drawn(tab, at_ms))
                advance(number + 1, f"{number + 1} of {len(moments)}")
    return len(moments)


def picture_at(  # noqa: PLR0913, PLR0917 - what a page is made of
    api: Api,
    ref: RecordingRef,
    template: tuple[bytes, bytes],
    events: Page,
    recording: dict[str, Any],
    at_ms: float,
) -> bytes:
    """Return a picture of one moment.

    Args:
        api: Where the pictures and fonts of the recorded page are.
        ref: Of the recording.
        template: Of the page that plays it.
        events: All of the recording.
        recording: What is known of it.
        at_ms: Since its first event.
    """
    browser = chromium_path()
    cut = Cut(at_ms, at_ms + 1)
    with tempfile.TemporaryDirectory(prefix="rrweb-store-") as folder:
        page = Path(folder) / "page.html"
        with page.open("wb") as file:
            made = OneFile(file, api, ref)
            write_one_file(
                made, template, [events], recording=recording, cut=cut, advance=lambda _, __: None
            )
        with opened(browser, page) as tab:
            return _drawn(tab, opening(tab).start_ms)


def _drawn(tab: Tab, at_ms: float) -> bytes:
    """Return a picture of a moment, in the size of the visitor's screen then."""
    width, height = shown(tab, at_ms)
    tab.resize(width, height)
    shown(tab, at_ms)
    return tab.picture(format="png")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a page says when all of it is loaded. Times count from its first event."""

    start_ms: float
    """The first moment to show: that of the cut."""
    total_ms: float
    errors_ms: tuple[float, ...]
    screen: tuple[int, int]


def opening(tab: Tab) -> Opening:
    """Return what the page has.

    Raises:
        StoreError: Nothing of the recording can be shown.
    """
    found = object_of(tab.run("replay.opened()"))
    if not found.get("canPlay"):
        raise StoreError("nothing of the recording can be shown: it has no snapshot of the page")
    start_ms = number_of(found.get("startMs"))
    return Opening(
        start_ms=start_ms,
        total_ms=max(start_ms, number_of(found.get("totalMs"))),
        errors_ms=tuple(map(number_of, list_of(found.get("errorsAtMs")))),
        screen=size_of(found.get("screen")),
    )


def spaced(start_ms: float, end_ms: float, every_ms: float) -> list[float]:
    """Return moments from the start on, the end included only if it falls on one.

    >>> spaced(0, 25, 10)
    [0, 10, 20]
    """
    return [start_ms + number * every_ms for number in range(_steps(end_ms - start_ms, every_ms))]


def _steps(length: float, step: float) -> int:
    return math.floor(max(0.0, length) / step) + 1


def shown(tab: Tab, at_ms: float) -> tuple[int, int]:
    """Show a moment, and return the size of the visitor's screen then."""
    return size_of(tab.run(f"replay.show({at_ms:.0f})"))


def size_of(value: Any) -> tuple[int, int]:
    """Return a size in whole pixels, of what a page said."""
    given = object_of(value)
    width, height = (
        min(_MOST_PX, max(1, round(number_of(given.get(name))))) for name in ("width", "height")
    )
    return width, height


def name_of(at_ms: float) -> str:
    """Return the name of a picture; names sort by time.

    >>> name_of(3_723_400)
    '01h02m03.4s.png'
    """
    tenths = int(at_ms // 100)
    seconds, tenth = divmod(tenths, 10)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}h{minute:02}m{second:02}.{tenth}s.png"
