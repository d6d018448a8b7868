"""The built site, served by the sandbox that it is the site of."""

from collections.abc import Iterator

import pytest

from sandbox.server import Sandbox

UNTHROTTLED = {"rrweb-store:throttleRate": "10000", "rrweb-store:throttleBurst": "5000"}


@pytest.fixture(scope="session")
def site(web_build: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), config=UNTHROTTLED) as sandbox:
        yield sandbox
