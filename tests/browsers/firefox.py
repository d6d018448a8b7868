"""Firefox, by WebDriver BiDi, which it speaks without a driver.

https://www.w3.org/TR/webdriver-bidi/ · https://firefox-source-docs.mozilla.org/remote/
"""

from pathlib import Path
from typing import Any

from tests.browsers.browser import (
    BrowserError,
    Program,
    as_json,
    installed,
    middle_of,
)
from tests.browsers.remote import Remote, RemoteBrowser, picture, value

# It sends no requests of its own, and quits without a question.
PREFERENCES = """
user_pref("app.update.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.sessionstore.resume_from_crash", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.startup.page", 0);
user_pref("browser.tabs.warnOnClose", false);
user_pref("browser.warnOnQuit", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
user_pref("toolkit.startup.max_resumed_crashes", -1);
"""


class Firefox(RemoteBrowser):
    """One Firefox with a profile of its own; `preferences` as in its `user.js`."""

    kind = "firefox"
    QUIT = "browser.close"
    PAGES = "-isForBrowser"

    def __init__(self, preferences: str = "") -> None:
        super().__init__()
        (Path(self.folder.name) / "user.js").write_text(PREFERENCES + preferences)

    def reopen(self) -> None:
        self.program = Program(
            [
                installed("firefox-esr", "firefox"),
                "--headless",
                "--no-remote",
                "--remote-debugging-port=0",
                "--profile",
                self.folder.name,
                "about:blank",
            ],
            {"MOZ_CRASHREPORTER_DISABLE": "1", "HOME": self.folder.name},
        )
        url = self.program.line_with("WebDriver BiDi listening on").split()[-1]
        self.remote = Remote(f"{url}/session")
        self.remote.call("session.new", capabilities={})

    def tab(self) -> "FirefoxTab":
        return self._create("tab")

    def window(self) -> "FirefoxTab":
        return self._create("window")

    def _create(self, kind: str) -> "FirefoxTab":
        made = self.remote.call("browsingContext.create", type=kind)
        return FirefoxTab(self.remote, made["context"])


class FirefoxTab:
    """A tab, or what else BiDi calls a top-level browsing context."""

    def __init__(self, remote: Remote, context: str) -> None:
        self.remote = remote
        self.context = context

    def _call(self, method: str, **params: object) -> Any:
        return self.remote.call(f"browsingContext.{method}", context=self.context, **params)

    def goto(self, url: str) -> None:
        self._call("navigate", url=url, wait="complete")

    def run(self, script: str) -> Any:
        answer = self.remote.call(
            "script.evaluate",
            expression=as_json(script),
            target={"context": self.context},
            awaitPromise=True,
            resultOwnership="none",
        )
        if answer["type"] == "exception":
            raise BrowserError(answer["exceptionDetails"]["text"])
        return value(answer["result"]["value"])

    def perform(self, *sources: dict[str, object]) -> None:
        """Perform WebDriver's actions."""
        self.remote.call("input.performActions", context=self.context, actions=sources)

    def click(self, selector: str) -> None:
        x, y = self.run(middle_of(selector))
        self.perform(
            {
                "type": "pointer",
                "id": "mouse",
                "actions": [
                    {"type": "pointerMove", "x": x, "y": y},
                    {"type": "pointerDown", "button": 0},
                    {"type": "pointerUp", "button": 0},
                ],
            }
        )

    def press(self, keys: str) -> None:
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.perform({"type": "key", "id": "keys", "actions": actions})

    def reload(self) -> None:
        self._call("reload", wait="complete")

    def back(self) -> None:
        self._call("traverseHistory", delta=-1)

    def screenshot(self) -> bytes:
        return picture(self._call("captureScreenshot")["data"])

    def close(self) -> None:
        self._call("close")

    def contexts(self) -> Any:
        """Return the tab's frames."""
        return self.remote.call("browsingContext.getTree", root=self.context)["contexts"]
