"""Watchers of two sites with near names in Chromium, on a sandbox that declares them."""

import json
from collections.abc import Iterator

import pytest

from sandbox.server import Sandbox
from sandbox.users import email_of
from sandbox.visit import steps_of

SITES = [
    {"id": "shop", "keys": ["wk_shopshopshopshopshopshop"], "privacy": "inputs"},
    {"id": "shop2", "keys": ["wk_shop2shop2shop2shop2shop"], "privacy": "inputs"},
]
WATCHERS = {
    "BOTH_EMAIL": ("both", ["site-shop", "site-shop2"]),
    "COLLEAGUE_EMAIL": ("colleague", ["site-shop"]),
    "STRANGER_EMAIL": ("stranger", ["site-shop2"]),
}
UNTHROTTLED = {"rrweb-store:throttleRate": "10000", "rrweb-store:throttleBurst": "5000"}


@pytest.fixture(scope="module")
def sandbox(web_build: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    config = {**UNTHROTTLED, "rrweb-store:sites": json.dumps(SITES)}
    with Sandbox(tmp_path_factory.mktemp("sandbox"), config=config) as running:
        yield running


def test_watchers_switch_share_links_and_are_told_what_they_lack(sandbox: Sandbox) -> None:
    for name, groups in WATCHERS.values():
        sandbox.tokens(name, groups)

    steps = steps_of(
        "watchers.test.ts",
        sandbox,
        {variable: email_of(name) for variable, (name, _) in WATCHERS.items()},
    )

    assert [step.failure for step in steps if not step.passed] == []
    assert len(steps) == 7
