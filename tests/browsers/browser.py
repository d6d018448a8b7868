"""What a test may ask of a visitor's browser, whichever it is."""

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self, TypeVar

PATIENCE_S = 60.0
KINDS = ("firefox", "webkit", "chromium")
Kind = Literal["firefox", "webkit", "chromium"]

T = TypeVar("T")


class BrowserError(Exception):
    """A call failed in the browser; the message is its own."""


class Tab(Protocol):
    """One page of a browser, as a person uses it."""

    def goto(self, url: str) -> None:
        """Go to an address as if it were typed, and wait until its page is loaded."""
        ...

    def run(self, script: str) -> Any:
        """Return what an expression of JavaScript gives, once it is resolved, as JSON."""
        ...

    def click(self, selector: str) -> None:
        """Press the mouse on the middle of an element; do not wait for what follows."""
        ...

    def press(self, keys: str) -> None:
        """Press and release each key; those without a character as in WebDriver's table."""
        ...

    def reload(self) -> None: ...

    def back(self) -> None: ...

    def screenshot(self) -> bytes:
        """Return what is seen, as PNG."""
        ...

    def close(self) -> None: ...


class Browser(ABC):
    """One browser with a profile of its own. Leaving the context ends all that it has started."""

    kind: ClassVar[Kind]

    @abstractmethod
    def reopen(self) -> None:
        """Start, again with the same profile."""

    @abstractmethod
    def tab(self) -> Tab:
        """Return a new tab in a window that there is."""

    @abstractmethod
    def window(self) -> Tab:
        """Return the only tab of a new window."""

    @abstractmethod
    def quit(self) -> None:
        """End as when a person closes the last window."""

    @abstractmethod
    def kill(self) -> None:
        """End every process at once, as a system does that needs its memory."""

    @abstractmethod
    def crash_pages(self) -> None:
        """End the processes that run pages, as when they crash; the browser goes on."""

    @abstractmethod
    def clear(self) -> None:
        """Leave nothing running, and nothing in a file."""

    def __enter__(self) -> Self:
        try:
            self.reopen()
        except BaseException:
            self.clear()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


def as_json(script: str) -> str:
    """Return an expression that resolves to the JSON of what `script` gives; null of undefined."""
    return f"Promise.resolve({script}).then((it) => JSON.stringify(it) ?? 'null')"


def middle_of(selector: str) -> str:
    """Return an expression that gives the middle of an element that is scrolled into view."""
    return f"""(() => {{
      const element = document.querySelector({json.dumps(selector)});
      element.scrollIntoView({{ block: 'center', inline: 'center' }});
      const {{ x, y, width, height }} = element.getBoundingClientRect();
      return [Math.round(x + width / 2), Math.round(y + height / 2)];
    }})()"""


def eventually(ask: Callable[[], T], is_it: Callable[[T], object], patience_s: float) -> T:
    """Return what `ask` gives once that is right, however the page changes meanwhile."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            found = ask()
            if is_it(found):
                return found
            why = f"the last answer was {found!r}"
        except BrowserError as error:  # the page is on its way
            why = str(error)
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience_s} s: {why}")
        time.sleep(0.03)


class Program:
    """A process with all that it starts, and the lines that it says."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=pass_fds,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def line_with(self, text: str) -> str:
        """Return the first line that holds a text."""
        deadline = time.monotonic() + PATIENCE_S
        said: list[str] = []
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            said.append(line)
            if text in line:
                return line
        raise BrowserError(f"{self._process.args} never said {text!r}: {''.join(said)[-2000:]}")

    def wait(self) -> None:
        """Wait until it has ended by itself; what is left of it is ended."""
        try:
            self._process.wait(PATIENCE_S)
        finally:
            self.kill()

    def wait_for_all(self) -> None:
        """Wait until it has ended by itself, and all that it has started."""
        self._process.wait(PATIENCE_S)
        eventually(lambda: processes_of(self._process.pid), lambda left: not left, PATIENCE_S)

    def crash_pages(self, sign: str) -> None:
        """End those processes of it that have a sign in their command lines."""
        end_pages(self._process.pid, sign)

    def kill(self) -> None:
        """End it and all that it has started."""
        end_group(self._process)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)


def end_pages(session: int, sign: str) -> None:
    """End the processes of a session whose command line has a sign of one that runs pages."""
    found = [pid for pid in processes_of(session) if sign in command_line(pid)]
    if not found:
        raise BrowserError(f"no process has {sign!r} in its command line")
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processes_of(session: int) -> list[int]:
    """Return the processes of a session, by its leader's number."""
    numbers = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    found: list[int] = []
    for pid in numbers:
        with suppress(ProcessLookupError):
            found += [pid] if os.getsid(pid) == session else []
    return found


def command_line(pid: int) -> str:
    """Return a process's words; none of one that has ended."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return words.replace(b"\0", b" ").decode(errors="replace").strip()


def end_group(process: subprocess.Popen[Any]) -> None:
    """End a process that leads a session, and all of that."""
    with suppress(ProcessLookupError):  # all of it has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def installed(*names: str) -> str:
    """Return the path of the first program that is there."""
    for name in names:
        if found := shutil.which(name):
            return found
    raise BrowserError(f"none of {', '.join(names)} is installed: make browsers installs it")
