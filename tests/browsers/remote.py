"""Commands to a browser by WebSocket: WebDriver BiDi or Chromium's own protocol."""

import base64
import json
import tempfile
from typing import Any, ClassVar

from selenium.common import WebDriverException
from selenium.webdriver.remote.websocket_connection import WebSocketConnection

from tests.browsers.browser import PATIENCE_S, Browser, BrowserError, Program

# Seconds between two looks for the answer.
_LOOK_S = 0.01


class Remote:
    """One connection to a browser."""

    def __init__(self, url: str) -> None:
        self._socket: Any = WebSocketConnection(url, PATIENCE_S, _LOOK_S)

    def call(self, method: str, **params: object) -> Any:
        """Return the result of a command."""
        return self.call_in(None, method, params)

    def call_in(self, session: str | None, method: str, params: dict[str, object]) -> Any:
        """Return the result of a command, in Chromium's protocol of one to a page."""
        self._socket.session_id = session
        try:
            answer = self._socket.send_cmd(method, params)
        except (WebDriverException, OSError) as error:
            raise BrowserError(f"{method}: {error}") from error
        if "error" in answer:
            raise BrowserError(f"{method}: {answer.get('message', answer['error'])}")
        return answer["result"]

    def close(self) -> None:
        self._socket.close()


class RemoteBrowser(Browser):
    """A browser that takes commands by WebSocket, with a profile in a folder of its own."""

    QUIT: ClassVar[str]
    """The command that quits it."""
    PAGES: ClassVar[str]
    """What the command line of each process has that runs pages."""
    remote: Remote

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(
            prefix=f"{self.kind}-", ignore_cleanup_errors=True
        )
        self.program: Program | None = None

    def quit(self) -> None:
        assert self.program
        try:
            self.remote.call(self.QUIT)
        finally:
            self.program.wait()
            self._gone()

    def kill(self) -> None:
        if self.program:
            self.program.kill()
            self._gone()

    def crash_pages(self) -> None:
        assert self.program
        self.program.crash_pages(self.PAGES)

    def _gone(self) -> None:
        self.program = None
        remote: Remote | None = self.__dict__.pop("remote", None)
        if remote:  # there is none if it did not start
            remote.close()

    def clear(self) -> None:
        self.kill()
        self.folder.cleanup()


def picture(data: str) -> bytes:
    return base64.b64decode(data)


def value(text: str | None) -> Any:
    """Return what `as_json` has made."""
    return json.loads(text or "null")
