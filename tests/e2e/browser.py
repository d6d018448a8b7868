"""Headless Chromium for tests: every call goes to `web/recorder/drive.mjs`, one line each way."""

import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

RECORDER = Path(__file__).parents[2] / "web" / "recorder"
# Of one call: drive.mjs gives up before.
PATIENCE_S = 60


class BrowserError(Exception):
    """A call failed in the browser; the message is Playwright's."""


class Browser:
    """One Chromium; `close` ends it and everything that it started.

    Args:
        switches: Of web/recorder/drive.mjs.
    """

    def __init__(self, *switches: str) -> None:
        self._process = subprocess.Popen(
            [shutil.which("node") or "node", "drive.mjs", *switches],
            cwd=RECORDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._names = 0

    def call(self, on: str, do: str, *args: object, name: str | None = None) -> Any:
        """Return what a method of a named object returned, or keep that under `name`."""
        assert self._process.stdin
        command = {"on": on, "do": do, "with": args, "as": name}
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._answers.get(timeout=PATIENCE_S))
        if "error" in answer:
            raise BrowserError(f"{on}.{do}: {answer['error']}")
        return answer["value"]

    def profile(self, **options: object) -> "Profile":
        """Return a new, empty profile."""
        return Profile(self, self.new_name("context"), options)

    def new_name(self, kind: str) -> str:
        self._names += 1
        return f"{kind}{self._names}"

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(json.dumps({"error": "the browser has ended"}))


class Profile:
    """A browser context: storage of its own, and the tabs that share it."""

    def __init__(self, browser: Browser, name: str, options: dict[str, object]) -> None:
        self.browser = browser
        self.name = name
        self._seen: list[str] = []
        browser.call("contexts", "borrow", options, name=name)
        self._end: Callable[[], object] | None = partial(
            browser.call, "contexts", "giveBack", {"$": name}
        )

    def tab(self) -> "Tab":
        name = self.browser.new_name("page")
        self.browser.call(self.name, "newPage", name=name)
        return Tab(self.browser, name)

    def tab_at(self, url: str) -> "Tab":
        """Return the tab that was opened last, by whomever, once it is at a URL that begins so."""
        tab = Tab(self.browser, self.browser.new_name("page"))
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self.browser.call(self.name, "pages", name="pages")
            self.browser.call("pages", "at", -1, name=tab.name)
            if str(tab.do("url")).startswith(url):
                return tab
            time.sleep(0.05)
        raise BrowserError(f"no tab came to {url}")

    def seen(self) -> list[str]:
        """Return all that pages have passed to `seen(text)`."""
        self._seen += self.browser.call("seen", "take")
        return self._seen

    def offline(self, value: bool) -> None:
        self.browser.call(self.name, "setOffline", value)

    def run_first(self, script: str) -> None:
        """Run a script in each page before its own."""
        self.browser.call(self.name, "addInitScript", {"content": script})
        # The next one to borrow it would run the script, too.
        self._end = partial(self.browser.call, self.name, "close")

    def close(self) -> None:
        end, self._end = self._end, None
        if end:
            end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Tab:
    """One page of a profile."""

    def __init__(self, browser: Browser, name: str) -> None:
        self.browser = browser
        self.name = name

    def goto(self, url: str) -> None:
        self.browser.call(self.name, "goto", url, name="answer")

    def run(self, script: str) -> Any:
        """Return what an expression of JavaScript gives, once it is resolved."""
        return self.browser.call(self.name, "evaluate", script)

    def do(self, method: str, *args: object) -> Any:
        return self.browser.call(self.name, method, *args)

    def back(self) -> None:
        self.browser.call(self.name, "goBack", name="answer")

    def close(self) -> None:
        self.browser.call(self.name, "close")

    def protocol(self, method: str, **params: object) -> Any:
        """Return what Chromium's own protocol answers."""
        session = f"cdp-{self.name}"
        self.browser.call(self.name, "context", name="its-context")
        self.browser.call("its-context", "newCDPSession", {"$": self.name}, name=session)
        return self.browser.call(session, "send", method, params)
