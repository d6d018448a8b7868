"""WebKitGTK's MiniBrowser, by WebDriver: the engine of Safari, as Debian has it.

Under a driver MiniBrowser keeps its storage in memory, so a profile ends with its process.
https://www.w3.org/TR/webdriver2/
"""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from selenium.common import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browsers.browser import (
    PATIENCE_S,
    Browser,
    BrowserError,
    as_json,
    end_group,
    end_pages,
    installed,
    middle_of,
)
from tests.browsers.display import Display
from tests.browsers.remote import value

T = TypeVar("T")

# Debian keeps it where no PATH leads.
MINI_BROWSER = "usr/lib/*/webkit2gtk-4.1/MiniBrowser"
# What the command line of each process has that runs pages.
PAGES = "WebKitWebProcess"


class WebKit(Browser):
    """One MiniBrowser under Xvfb, since WebKitGTK shows its pages on a display only."""

    kind = "webkit"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="webkit-", ignore_cleanup_errors=True)
        self._display = Display()
        self._service: Service | None = None

    def reopen(self) -> None:
        self._service = Service(
            installed("WebKitWebDriver"),
            env=environment(self._display, self._folder.name),
            log_output=subprocess.DEVNULL,
            popen_kw={"start_new_session": True},
        )
        self._service.start()
        options = Options()
        options.binary_location = mini_browser()
        options.add_argument("--automation")
        remote = RemoteConnection(
            client_config=ClientConfig(self._service.service_url, timeout=round(PATIENCE_S) + 5)
        )
        self.driver = WebDriver(remote, options=options)
        self.driver.set_script_timeout(PATIENCE_S)
        self._spare = WebKitTab(self, self.driver.current_window_handle)

    def tab(self) -> "WebKitTab":
        """Return a tab that is seen, of the first window if it has such a one.

        The driver opens a tab behind the others, where it gets no input. So one is always spare.
        """
        if self._spare.run("document.visibilityState") == "hidden":
            return self.window()
        tab = self._spare
        self._spare = tab.opened("tab")
        return tab

    def window(self) -> "WebKitTab":
        return self._spare.opened("window")

    def quit(self) -> None:
        asked(self.driver.quit)
        self.kill()

    def kill(self) -> None:
        if self._service and self._service.process:
            end_group(self._service.process)
        self._service = None

    def crash_pages(self) -> None:
        assert self._service
        assert self._service.process
        end_pages(self._service.process.pid, PAGES)

    def clear(self) -> None:
        self.kill()
        self._display.close()
        self._folder.cleanup()


class WebKitTab:
    """A tab of it. The driver sees one tab at a time, so each call first turns to its own."""

    def __init__(self, browser: WebKit, handle: str) -> None:
        self._browser = browser
        self._handle = handle

    def _in_it(self, ask: Callable[[WebDriver], T]) -> T:
        driver = self._browser.driver

        def turn_and_ask() -> T:
            driver.switch_to.window(self._handle)
            return ask(driver)

        return asked(turn_and_ask)

    def opened(self, kind: str) -> "WebKitTab":
        """Return a new tab or window."""

        def open_one(driver: WebDriver) -> str:
            driver.switch_to.new_window(kind)
            return driver.current_window_handle

        return WebKitTab(self._browser, self._in_it(open_one))

    def goto(self, url: str) -> None:
        self._in_it(lambda driver: driver.get(url))

    def run(self, script: str) -> Any:
        call = f"const done = arguments[0]; {as_json(script)}"
        call += ".then((it) => done([it]), (error) => done([null, String(error)]))"
        text, *error = self._in_it(lambda driver: driver.execute_async_script(call))
        if error:
            raise BrowserError(error[0])
        return value(text)

    def click(self, selector: str) -> None:
        x, y = self.run(middle_of(selector))

        def press_mouse(driver: WebDriver) -> None:
            chain = ActionChains(driver, duration=0)
            chain.w3c_actions.pointer_action.move_to_location(x, y).click()
            chain.perform()

        self._in_it(press_mouse)

    def press(self, keys: str) -> None:
        self._in_it(lambda driver: ActionChains(driver, duration=0).send_keys(keys).perform())

    def reload(self) -> None:
        self._in_it(lambda driver: driver.refresh())

    def back(self) -> None:
        self._in_it(lambda driver: driver.back())

    def screenshot(self) -> bytes:
        return self._in_it(lambda driver: driver.get_screenshot_as_png())

    def close(self) -> None:
        self._in_it(lambda driver: driver.close())


def environment(display: Display, home: str) -> dict[str, str]:
    shown = {"DISPLAY": display.name, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
    return {**os.environ, **shown, "HOME": home, "NO_AT_BRIDGE": "1"}


def mini_browser() -> str:
    return str(next(Path("/").glob(MINI_BROWSER)))


def asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (WebDriverException, OSError) as error:
        raise BrowserError(str(error)) from error
