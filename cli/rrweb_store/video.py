"""A film of a recording: WebM, of what the visitor's screen showed."""

import base64
import json
from pathlib import Path
from typing import Any, BinaryIO

from rrweb_store.app import progress, say
from rrweb_store.chromium import opened
from rrweb_store.entry import length
from rrweb_store.errors import StoreError
from rrweb_store.pictures import opening, shown, spaced
from rrweb_store.webm import WebM

FRAMES_A_SECOND = 10
# Players seek to these frames.
_KEY_FRAME_EVERY_MS = 5_000
_ENCODER = Path(__file__).with_name("encoder.js")


def save_video(browser: str, page: Path, film: BinaryIO) -> int:
    """Write a film of an exported page, and return its bytes.

    Each frame is sought and drawn, so it shows its moment however long the drawing takes. A frame
    that differs in nothing from the one before is left out: that one stays.
    """
    with opened(browser, page) as tab:
        found = opening(tab)
        # VP8 halves the size for its colours.
        width, height = (max(2, pixels - pixels % 2) for pixels in found.screen)
        tab.resize(width, height)
        tab.run(_ENCODER.read_text(encoding="utf-8"))
        if tab.run(f"film.start({width}, {height})") is not True:
            raise StoreError("this Chromium cannot encode VP8: set CHROMIUM to the path of another")
        moments = spaced(found.start_ms, found.total_ms, 1000 / FRAMES_A_SECOND)
        duration = found.total_ms - found.start_ms
        spent = f"drawing {len(moments):,} frames may take three times that"
        say(f"A film of {length(duration)}; {spent}.")
        webm = WebM(film, width, height, max(duration, 1000 / FRAMES_A_SECOND))
        with progress("frames", len(moments)) as advance:
            before, key_ms = b"", float("-inf")
            for count, at_ms in enumerate(moments):
                since = at_ms - found.start_ms
                shown(tab, at_ms)
                picture = tab.picture(format="jpeg", quality=90)
                is_key = since - key_ms >= _KEY_FRAME_EVERY_MS
                if picture != before or is_key:
                    before, key_ms = picture, since if is_key else key_ms
                    text = base64.b64encode(picture).decode()
                    _add(webm, tab.run(f'film.add("{text}", {since:.3f}, {json.dumps(is_key)})'))
                advance(count + 1, f"{count + 1:,} of {len(moments):,}")
            _add(webm, tab.run("film.end()"))
        webm.end()
    return film.tell()


def _add(webm: WebM, frames: Any) -> None:
    """Write what the encoder has made."""
    for at_ms, is_key, data in frames:
        webm.add(at_ms, base64.b64decode(data), is_key=is_key)
