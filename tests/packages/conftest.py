"""A sandbox with one site, whose visitors are recorded by the packed packages, and a browser."""

import json
from collections.abc import Iterator

import pytest

from sandbox.server import Sandbox
from tests.e2e.browser import Browser, Profile
from tests.e2e.stack import SANDBOX_DELIVERY_S, SPEED, UNTHROTTLED
from tests.e2e.user import User

SITE = {"id": "tried", "keys": ["wk_triedtriedtriedtriedtrie"], "privacy": "text"}


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    config = {**UNTHROTTLED, "rrweb-store:sites": json.dumps([SITE])}
    with Sandbox(tmp_path_factory.mktemp("sandbox"), speed=SPEED, config=config) as running:
        yield running


@pytest.fixture(scope="session")
def write_url(sandbox: Sandbox) -> str:
    return sandbox.exports["sites"]["tried"]["writeUrl"]


@pytest.fixture(scope="session")
def watcher(sandbox: Sandbox) -> User:
    token = sandbox.id_token("watcher", ["site-tried"])
    return User(sandbox.api_url, token, delivery_s=SANDBOX_DELIVERY_S)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture
def profile(browser: Browser) -> Iterator[Profile]:
    browser.call("seen", "take")
    with browser.profile() as profile:
        yield profile
