"""docs/sites.md: what it tells its reader to write, to type and to expect."""

import html
import re
from typing import Any

import pytest
import yaml

from components.access.sites import MAX_KEYS, Site, sites_from
from operations.site_key import site_key
from sandbox.program import PROJECT
from tests.documents import blocks, commands_in, unknown_to_make
from tests.e2e.two_sites import SAID

DOCUMENT = (PROJECT / "docs/sites.md").read_text(encoding="utf-8")


def test_the_site_that_it_declares_is_one() -> None:
    (block,) = blocks(DOCUMENT, "yaml")
    config: Any = yaml.safe_load(block)["config"]

    assert sites_from(config["rrweb-store:sites"]) == (
        Site(
            id="shop",
            keys=("wk_0123456789abcdefghijklmn",),
            origins=("https://shop.example", "https://www.shop.example"),
        ),
    )


def test_a_key_that_make_prints_is_one() -> None:
    assert sites_from([{"id": "shop", "keys": [site_key(), site_key()]}])


def test_every_make_target_exists_and_reads_what_it_is_given() -> None:
    calls = [words[1:] for words in commands_in(DOCUMENT) if words[0] == "make"]

    assert {target for target, *_ in calls} == {"deploy", "invite", "site-key", "watcher"}
    assert unknown_to_make(calls) == []


def test_the_number_of_keys_is_the_programs() -> None:
    assert f"at most {MAX_KEYS} keys" in DOCUMENT


@pytest.mark.parametrize("detail", SAID, ids=SAID.values())
def test_every_refusal_has_its_row(detail: str) -> None:
    """The end-to-end tests compare the same texts with the API's answers."""
    rows = re.findall(r"^\| \d{3} \| (.*?) \|", html.unescape(DOCUMENT), re.MULTILINE)

    assert detail in rows
