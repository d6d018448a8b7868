"""The built site, served by the sandbox that it is the site of."""

import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.program import PROJECT
from sandbox.server import Sandbox

UNTHROTTLED = {"rrweb-store:throttleRate": "10000", "rrweb-store:throttleBurst": "5000"}


@pytest.fixture(scope="session")
def built_site() -> None:
    """Build it, as `make demo` and a deployment do."""
    npm: Any = shutil.which("npm")
    subprocess.run(
        [npm, "run", "--silent", "build", "--workspace", "site"],
        cwd=PROJECT / "web",
        check=True,
        timeout=120,
    )


@pytest.fixture(scope="session")
def site(built_site: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), config=UNTHROTTLED) as sandbox:
        yield sandbox
