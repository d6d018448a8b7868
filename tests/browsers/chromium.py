"""Chromium, by its own protocol, so that a test may also quit it and kill it.

https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
from typing import Any
from unicodedata import category

from selenium.webdriver.common.keys import Keys

from tests.browsers.browser import (
    PATIENCE_S,
    BrowserError,
    Program,
    as_json,
    eventually,
    installed,
    middle_of,
)
from tests.browsers.remote import Remote, RemoteBrowser, picture, value

# Keys without a character have names here, in WebDriver numbers for private use.
NAMES = {Keys.END: "End", Keys.HOME: "Home", Keys.ARROW_RIGHT: "ArrowRight"}


class Chromium(RemoteBrowser):
    """One Chromium with a profile of its own."""

    kind = "chromium"
    QUIT = "Browser.close"
    PAGES = "--type=renderer"

    def __init__(self, *switches: str) -> None:
        super().__init__()
        self._switches = switches

    def reopen(self) -> None:
        self.program = Program(
            [
                os.environ.get("CHROMIUM")
                or installed("chromium", "chromium-browser", "google-chrome"),
                "--headless=new",
                "--no-sandbox",  # it does not work for root, as in a container
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                # A page that is opened after a crash gets a process of its own.
                "--disable-features=SpareRendererForSitePerProcess",
                "--no-first-run",
                "--no-default-browser-check",
                "--remote-debugging-port=0",
                f"--user-data-dir={self.folder.name}",
                *self._switches,
                "about:blank",
            ]
        )
        url = self.program.line_with("DevTools listening on").split()[-1]
        self.remote = Remote(url)

    def quit(self) -> None:
        """Close one page after the other, as a person does; the command alone ends them at once."""
        for target in self.remote.call("Target.getTargets")["targetInfos"]:
            if target["type"] == "page":
                self.remote.call("Target.closeTarget", targetId=target["targetId"])
        super().quit()

    def tab(self) -> "ChromiumTab":
        return self._create(in_window=False)

    def window(self) -> "ChromiumTab":
        return self._create(in_window=True)

    def _create(self, *, in_window: bool) -> "ChromiumTab":
        made = self.remote.call("Target.createTarget", url="about:blank", newWindow=in_window)
        return ChromiumTab(self.remote, made["targetId"])


class ChromiumTab:
    """A page."""

    def __init__(self, remote: Remote, target: str) -> None:
        self._remote = remote
        self._target = target
        attached = remote.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def call(self, method: str, **params: object) -> Any:
        """Return the result of a command to the page."""
        return self._remote.call_in(self._session, method, params)

    def goto(self, url: str) -> None:
        self.run("void (window.isLeft = true)")
        answer = self.call("Page.navigate", url=url)
        if "errorText" in answer:
            raise BrowserError(answer["errorText"])
        self._wait_for_page()

    def _wait_for_page(self) -> None:
        loaded = "!window.isLeft && document.readyState === 'complete'"
        eventually(lambda: self.run(loaded), bool, PATIENCE_S)

    def run(self, script: str) -> Any:
        answer = self.call(
            "Runtime.evaluate", expression=as_json(script), awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"]))
        return value(answer["result"].get("value"))

    def click(self, selector: str) -> None:
        x, y = self.run(middle_of(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, keys: str) -> None:
        for key in keys:
            name = NAMES[key] if category(key) == "Co" else key
            self.call(
                "Input.dispatchKeyEvent", type="keyDown", key=name, text=key if name == key else ""
            )
            self.call("Input.dispatchKeyEvent", type="keyUp", key=name)

    def reload(self) -> None:
        self.run("void (window.isLeft = true)")
        self.call("Page.reload")
        self._wait_for_page()

    def back(self) -> None:
        history = self.call("Page.getNavigationHistory")
        before = history["entries"][history["currentIndex"] - 1]
        self.call("Page.navigateToHistoryEntry", entryId=before["id"])

    def screenshot(self) -> bytes:
        return picture(self.call("Page.captureScreenshot")["data"])

    def close(self) -> None:
        self._remote.call("Target.closeTarget", targetId=self._target)
