"""The built site, served by the sandbox that it is the site of."""

import json
from collections.abc import Iterator

import pytest

from sandbox.demo_site import DEMO_KEY, DEMO_SITE
from sandbox.server import Sandbox

# The first two of near names, and with text that can be read in a replay.
SITES = [
    {"id": "shop", "keys": ["wk_shopshopshopshopshopshop"], "privacy": "inputs"},
    {"id": "shop2", "keys": ["wk_shop2shop2shop2shop2shop"], "privacy": "inputs"},
    {"id": "faults", "keys": ["wk_faultsfaultsfaultsfaults"], "privacy": "inputs"},
    {"id": DEMO_SITE, "keys": [DEMO_KEY]},  # the shop's
]
CONFIG = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:sites": json.dumps(SITES),
}


@pytest.fixture(scope="session")
def site(web_build: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), shop_port=0, config=CONFIG) as sandbox:
        yield sandbox
