"""WebKitGTK's MiniBrowser as a visitor has it, without a driver: its storage lies in files."""

import tempfile
from typing import Self

from tests.browsers.browser import PATIENCE_S, Program, eventually
from tests.browsers.display import Display
from tests.browsers.visited import Visited
from tests.browsers.webkit import PAGES, environment, mini_browser
from tests.browsers.windows import close_windows

LATER, ACTED, CAME = "/later", "/acted?", "/came"


def acts(script: str) -> str:
    """Return what a page of `Visited` runs `before` all else, to act by itself and to say so.

    Before it acts, its first snapshot is taken. At /later it only sends what others have left.
    """
    return f"""addEventListener('load', async () => {{
      const ms = (time) => new Promise((soon) => setTimeout(soon, time));
      while (!emitted || !recording.recordingId) await ms(10);
      if (location.pathname === '{LATER}') return fetch('{CAME}').then(() => recording.flush());
      {script}
      await fetch(`{ACTED}${{recording.recordingId}}&${{sessionStorage.shown}}`);
    }});"""


def acted(visited: Visited) -> dict[str, int]:
    """Return the recordings of pages that have acted, with the last number that each has shown."""
    said = [path.removeprefix(ACTED) for path in visited.asked if path.startswith(ACTED)]
    return {recording_id: int(last) for recording_id, last in (one.split("&") for one in said)}


class UndrivenWebKit:
    """One MiniBrowser with a profile of its own, that it finds again when it is opened again."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="webkit-", ignore_cleanup_errors=True)
        self._display = Display()
        self._program: Program | None = None

    def open(self, url: str) -> None:
        """Start with one window of one page."""
        self._program = Program(
            [mini_browser(), url], environment(self._display, self._folder.name)
        )

    def open_later(self, visited: Visited) -> None:
        """Start with a page that sends what others have left, and wait until it is there."""
        times = visited.asked.count(CAME)
        self.open(f"{visited.url}{LATER}")
        eventually(lambda: visited.asked.count(CAME), lambda now: now > times, PATIENCE_S)

    def crash_pages(self) -> None:
        assert self._program
        self._program.crash_pages(PAGES)

    def quit(self) -> None:
        """Close its windows, and let it end."""
        assert self._program
        close_windows(self._display.name)
        self._program.wait_for_all()
        self.kill()

    def kill(self) -> None:
        if self._program:
            self._program.kill()
        self._program = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._display.close()
        self._folder.cleanup()
