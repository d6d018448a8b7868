"""Visitors' browsers, one after the other: each test runs in each of them."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from tests.browsers.browser import KINDS, Browser
from tests.browsers.chromium import Chromium
from tests.browsers.firefox import Firefox
from tests.browsers.webkit import WebKit

OPEN = {"firefox": Firefox, "webkit": WebKit, "chromium": Chromium}


@pytest.fixture(scope="session", params=KINDS)
def browser(request: pytest.FixtureRequest, web_build: None) -> Iterator[Browser]:
    """Return a browser that other tests use, too."""
    with OPEN[request.param]() as browser:
        yield browser


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "without(kind, why): not to be run in that browser")


@pytest.fixture(autouse=True)
def _runs_in_it(request: pytest.FixtureRequest) -> None:
    test: Any = cast("Any", request).node  # pytest leaves it untyped
    mark: pytest.Mark | None = test.get_closest_marker("without")
    if mark and mark.args[0] in test.callspec.params.values():
        pytest.skip(str(mark.args[1]))  # before a browser of its own starts, which takes seconds


@pytest.fixture(params=KINDS)
def own_browser(request: pytest.FixtureRequest, web_build: None) -> Iterator[Browser]:
    """Return a browser that the test may end."""
    with OPEN[request.param]() as browser:
        yield browser


_DEPARTURES: list[str] = []


@pytest.fixture
def record_departures() -> list[str]:
    """Return the list of what is shown at the end of a run."""
    return _DEPARTURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _DEPARTURES:
        terminalreporter.write_line(line)
