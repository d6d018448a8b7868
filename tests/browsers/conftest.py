"""Visitors' browsers: each test runs in each of them, those that share a browser in one worker."""

import os
from collections.abc import Iterator
from typing import Any, cast

import pytest

from tests.browsers.browser import KINDS, Browser
from tests.browsers.chromium import Chromium
from tests.browsers.departures import DEPARTURES
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
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(_Measured(config))


@pytest.hookimpl(tryfirst=True)  # before the scheduler reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep in one worker what shares a sandbox or a browser."""
    for item in items:
        if group := _group_of(item):
            item.add_marker(pytest.mark.xdist_group(group))


def _group_of(test: Any) -> str | None:  # pytest leaves it untyped
    if "site" in test.fixturenames:
        return "sandbox"
    given: dict[str, str] = test.callspec.params if hasattr(test, "callspec") else {}
    shared = [name for name in ("browser", "own_browser") if name in given]
    owner = given.get("visited") if DEPARTURES > 1 else None  # more workers, since it takes an hour
    return f"{shared[0]} {given[shared[0]]} {owner}" if shared else None


@pytest.fixture(autouse=True)
def _runs_in_it(request: pytest.FixtureRequest) -> None:
    test: Any = cast("Any", request).node  # pytest leaves it untyped
    mark: pytest.Mark | None = test.get_closest_marker("without")
    if mark and mark.args[0] in test.callspec.params.values():
        pytest.skip(str(mark.args[1]))


@pytest.fixture(scope="session", params=KINDS)
def own_browser(request: pytest.FixtureRequest, web_build: None) -> Iterator[Browser]:
    """Return a browser that a test may end and start again, apart from those that others use."""
    with OPEN[request.param]() as browser:
        yield browser


class _Measured:
    """Shows what was measured, as soon as it is."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        shown: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.when != "call":
            return
        for name, value in report.user_properties:
            shown.write_line(f"{name}: {value}")
