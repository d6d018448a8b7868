"""The built site, served beside the sandbox that it is the site of."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.cloud import free_port
from sandbox.program import PROJECT
from sandbox.server import Sandbox
from sandbox.users import PASSWORD, email_of
from tests.browser.site_server import served_site


@dataclass(frozen=True, kw_only=True)
class Site:
    url: str
    sandbox: Sandbox
    email: str
    password: str


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
def site(built_site: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    changes = {
        "rrweb-store:callbackUrls": json.dumps([f"{url}/signed-in", f"{url}/"]),
        "rrweb-store:throttleRate": "10000",
        "rrweb-store:throttleBurst": "5000",
    }
    with Sandbox(tmp_path_factory.mktemp("sandbox"), config=changes) as sandbox:
        sandbox.tokens("visitor")  # makes the user
        api_url, sign_in_url = sandbox.api_url, sandbox.cloud.endpoint
        config = {
            **{name: sandbox.exports[name] for name in ("issuerUrl", "userPoolId", "region")},
            "apiUrl": api_url,
            "userPoolClientId": sandbox.exports["userPoolClientId"],
            "signInUrl": sign_in_url,
            "siteUrl": url,
            "release": "test",
        }
        with served_site(port, config, api_url.removesuffix("/v1"), sign_in_url):
            yield Site(url=url, sandbox=sandbox, email=email_of("visitor"), password=PASSWORD)
