"""The stack under test: the sandbox's, or the one that STACK names, and two users of it.

A deployed stack is asked for its exports by `pulumi stack output`. Its two users are made in its
pool and deleted afterwards, with the environment's credentials of AWS. For a stack without
`adminSignIn` there must be ID tokens in E2E_ID_TOKEN and E2E_OTHER_ID_TOKEN instead.
"""

import dataclasses
import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any, cast

import pytest

from operations.costs import END_TO_END, Sent
from sandbox.server import Sandbox
from tests.e2e.browser import Browser, Profile
from tests.e2e.deployed_users import deployed_tokens
from tests.e2e.local_http import Proxy
from tests.e2e.sandbox_only import why_sandbox_only
from tests.e2e.shop import Bucket, Shop
from tests.e2e.site import Site
from tests.e2e.spending import SPENDING, above, added
from tests.e2e.stack import SPEED, UNTHROTTLED, Stack, sandbox_stack
from tests.e2e.store import Store, Watch
from tests.e2e.user import User, new_id

# The API promises 90 s.
DEPLOYED_DELIVERY_S = 240.0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "sandbox_only: skipped where STACK is, as is what asks for the sandbox's fixtures",
    )
    config.addinivalue_line(
        "markers", "leaves: needs a whole Chromium, which keeps a page that is left"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "STACK" in os.environ:
        for item in items:
            if reason := why_not_deployed(item):
                item.add_marker(pytest.mark.skip(reason=f"STACK is set, and it {reason}"))


def why_not_deployed(item: pytest.Item) -> str | None:
    """Return why a deployed stack cannot pass the test; None if it can."""
    fixtures: list[str] = getattr(item, "fixturenames", [])  # a doctest has none
    is_marked = item.get_closest_marker("sandbox_only") is not None
    return why_sandbox_only(fixtures, is_marked=is_marked)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # Any: xdist has no types
    """Add what a worker has spent; one that crashed does not say."""
    if hasattr(node, "workeroutput"):
        SPENDING.sent = added(SPENDING.sent, Sent(**node.workeroutput["spent"]))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail if a run against an account would cost more than docs/deploy.md says."""
    config = cast("Any", session.config)
    if hasattr(config, "workeroutput"):
        config.workeroutput["spent"] = vars(SPENDING.sent)
    elif "STACK" not in os.environ:
        # The other half is for what a real delivery is asked for until it is there.
        most = dataclasses.replace(END_TO_END, calls=END_TO_END.calls // 2)
        if surplus := above(SPENDING.sent, most):
            pytest.exit(f"more than docs/deploy.md prices: {surplus}, of {most}", returncode=1)


@pytest.fixture(autouse=True)
def _counted(request: pytest.FixtureRequest) -> None:
    item: pytest.Item = cast("Any", request).node  # pytest leaves it untyped
    SPENDING.is_on = why_not_deployed(item) is None


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox(folder, speed=SPEED, config=UNTHROTTLED) as running:
        yield running


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    name = os.environ.get("STACK")
    if name is None:
        sandbox: Sandbox = request.getfixturevalue("sandbox")
        yield sandbox_stack(sandbox)
        return
    said = subprocess.run(
        ["pulumi", "stack", "output", "--json", "--stack", name], capture_output=True, check=True
    )
    exports = json.loads(said.stdout)
    with deployed_tokens(exports) as tokens:
        owner, other = (
            User(exports["apiUrl"], token, delivery_s=DEPLOYED_DELIVERY_S) for token in tokens
        )
        yield Stack(exports=exports, owner=owner, other=other)


@pytest.fixture(scope="session")
def owner(stack: Stack) -> User:
    return stack.owner


@pytest.fixture(scope="session")
def other(stack: Stack) -> User:
    return stack.other


@pytest.fixture(scope="session")
def anonymous(stack: Stack) -> User:
    """Return a client that sends no token."""
    return User(stack.api_url, None, delivery_s=0)


@pytest.fixture(scope="session")
def store(sandbox: Sandbox) -> Store:
    return Store(sandbox)


@pytest.fixture
def recording_id() -> str:
    """Return an unused id."""
    return new_id()


@pytest.fixture
def watch(store: Store) -> Watch:
    """Return what was there before the test's own requests."""
    return store.watch()


@pytest.fixture
def untroubled(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox for a test that breaks it; every fault is off again after."""
    timeout_s = sandbox.gateway.services.timeout_s
    yield sandbox
    sandbox.cloud.resume()
    sandbox.gateway.services.timeout_s = timeout_s
    sandbox.faults.throttled.clear()
    sandbox.faults.unreachable.clear()
    faults = sandbox.delivery_stream.faults
    faults.pause_reading = faults.deliver_twice = faults.refuse_s3 = False


@pytest.fixture(scope="session")
def browser(web_build: None) -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_browser(web_build: None) -> Iterator[Browser]:
    """Return a Chromium with a back/forward cache."""
    browser = Browser("--whole")
    yield browser
    browser.close()


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> Iterator[Profile]:
    """Return an empty profile with nothing seen yet."""
    test: pytest.Item = request.node
    kind = "whole_browser" if test.get_closest_marker("leaves") else "browser"
    browser: Browser = request.getfixturevalue(kind)
    browser.call("seen", "take")
    with browser.profile() as profile:
        yield profile


@pytest.fixture
def site(owner: User) -> Iterator[Site]:
    site = Site(owner, Proxy(owner.api_url))
    yield site
    site.close()


@pytest.fixture
def shop(stack: Stack) -> Iterator[Shop]:
    shop = Shop(Proxy(stack.api_url), stack.exports["sites"]["demo"]["writeUrl"].split("/")[-1])
    yield shop
    shop.close()


@pytest.fixture
def bucket(sandbox: Sandbox, shop: Shop) -> Bucket:
    return Bucket(sandbox, shop.key)
