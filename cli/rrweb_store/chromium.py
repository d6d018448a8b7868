"""Chromium: a headless browser without a network, which shows one file."""

import base64
import itertools
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rrweb_store.errors import MissingBrowserError, StoreError
from rrweb_store.json_values import object_of
from rrweb_store.safe_text import printable

_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_SWITCHES = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The page asks for nothing. If it did, no name would lead anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
# The longest that a step takes on a busy machine: to start, or to load and unpack 50 MB.
_PATIENCE_S = 180.0
_MOST_AT_ONCE = 1 << 16
_ENDS_WITHIN_S = 20.0


def chromium_path() -> str:
    """Return the browser: `CHROMIUM` if it is set, else the first that is installed.

    Raises:
        MissingBrowserError: There is none; the message says what to install.
    """
    if not hasattr(os, "posix_spawn"):
        raise MissingBrowserError("pictures and films need Linux or macOS")
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else _NAMES:
        found = shutil.which(name)
        if found:
            return found
    if named:
        raise MissingBrowserError(f"CHROMIUM is {printable(named, 200)}, which cannot be run")
    raise MissingBrowserError(
        "pictures and films are drawn by Chromium, and none is installed: install Chromium or "
        "Google Chrome (Debian and Ubuntu: apt install chromium), or set CHROMIUM to its path. "
        "--html needs none"
    )


class Tab:
    """The one page of a browser, driven by Chrome's DevTools protocol over pipes.

    https://chromedevtools.github.io/devtools-protocol/
    """

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to_browser = to_browser
        self._from_browser = from_browser
        self._numbers = itertools.count(1)
        self._unread = b""
        self._session: str | None = None

    def open(self, page: Path, view: str) -> None:
        """Open a page without a network, and wait until its script has run."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.call("Network.enable")
        self.call(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )
        self.call("Page.navigate", url=f"{page.as_uri()}#view={view}")

    def run(self, script: str) -> Any:
        """Return the value of an expression, or what its promise resolves with.

        Raises:
            StoreError: It threw.
        """
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            thrown = object_of(answer["exceptionDetails"])
            text = object_of(thrown.get("exception")).get("description", thrown.get("text"))
            raise StoreError(f"the page failed in Chromium: {printable(text, 300)}")
        return object_of(answer.get("result")).get("value")

    def wait_for(self, script: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + _PATIENCE_S
        while self.run(script) is not True:
            if time.monotonic() > deadline:
                raise StoreError("the page did not open in Chromium")
            time.sleep(0.05)

    def resize(self, width: int, height: int) -> None:
        """Give the window a size in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def picture(self, **options: object) -> bytes:
        """Return what is shown; PNG unless `format` says otherwise."""
        return base64.b64decode(self.call("Page.captureScreenshot", **options)["data"])

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Return the answer to a command.

        Raises:
            StoreError: The browser refused it, ended or hung.
        """
        number = next(self._numbers)
        message: dict[str, object] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        try:
            _write(self._to_browser, json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise StoreError("Chromium has ended") from error
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            answer = self._next(deadline)
            if answer.get("id") != number:
                continue  # an event
            if "error" in answer:
                text = object_of(answer["error"]).get("message")
                raise StoreError(f"Chromium refused {method}: {printable(text, 300)}")
            return object_of(answer.get("result"))

    def _next(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from_browser], [], [], deadline - time.monotonic())
            if not ready:
                raise StoreError("Chromium did not answer")
            data = os.read(self._from_browser, _MOST_AT_ONCE)
            if not data:
                raise MissingBrowserError(
                    "Chromium ended as it started: set CHROMIUM to the path of one that runs here"
                )
            self._unread += data
        message, _, self._unread = self._unread.partition(b"\0")
        return object_of(json.loads(message))


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@contextmanager
def opened(browser: str, page: Path) -> Generator[Tab]:
    """Yield a tab that shows the recorded page alone, and end the browser with the block."""
    commands, to_browser = _high(os.pipe())
    from_browser, answers = _high(os.pipe())
    with tempfile.TemporaryDirectory(prefix="rrweb-store-", ignore_cleanup_errors=True) as profile:
        switches = [*_SWITCHES, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            switches.append("--no-sandbox")  # it does not work for root, as in a container
        nowhere = ((os.POSIX_SPAWN_OPEN, own, os.devnull, os.O_RDWR, 0) for own in (0, 1, 2))
        # The browser reads commands from its descriptor 3, and writes answers to 4.
        pipes = ((os.POSIX_SPAWN_DUP2, commands, 3), (os.POSIX_SPAWN_DUP2, answers, 4))
        running = os.posix_spawn(
            browser, [browser, *switches], os.environ, file_actions=[*nowhere, *pipes]
        )
        os.close(commands)
        os.close(answers)
        try:
            tab = Tab(to_browser, from_browser)
            tab.open(page, "bare")
            tab.wait_for("typeof replay === 'object'")
            yield tab
        finally:
            _end(running)
            os.close(to_browser)
            os.close(from_browser)


def _high(descriptors: tuple[int, int]) -> list[int]:
    """Return the descriptors under numbers that are not those of the browser's own."""
    import fcntl  # noqa: PLC0415 - Windows has none, and needs the other commands

    high = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in descriptors]
    for one in descriptors:
        os.close(one)
    return high


def _end(process: int) -> None:
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + _ENDS_WITHIN_S
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return
        time.sleep(0.02)
