"""The inputs of a store: the settings of Pulumi.yaml, with the same texts and defaults."""

import json
from dataclasses import fields
from typing import Any

import pytest
import yaml
from pulumi.provider.experimental.analyzer import Analyzer

from components.whole.rrweb_store import RrwebStore
from components.whole.store_args import RrwebStoreArgs
from sandbox.program import PROJECT

SETTINGS: dict[str, dict[str, Any]] = {
    key: declared
    for key, declared in yaml.safe_load((PROJECT / "Pulumi.yaml").read_text("utf-8"))[
        "config"
    ].items()
    if ":" not in key
}
# What a stack of this repository has and a store does not: its release's way, its tags, its bill.
OF_A_STACK = {
    *("promoteFrom", "promoteAnyway", "verifiedReleases", "earlierTable"),
    *("owner", "commit", "expiresOn", "monthlyBudgetUsd"),
}
# What a stack says otherwise: by `aws:region`, and by always having a website.
OF_A_STORE = {"region", "website"}
INPUTS = Analyzer("rrweb-store").analyze([RrwebStore])["component_definitions"]["RrwebStore"].inputs
SHARED = sorted(set(SETTINGS) - OF_A_STACK)


def test_every_setting_is_an_input_but_for_those_of_a_stack() -> None:
    assert set(INPUTS) == set(SHARED) | OF_A_STORE


@pytest.mark.parametrize("key", SHARED)
def test_an_input_has_the_text_of_its_setting(key: str) -> None:
    assert " ".join((INPUTS[key].description or "").split()) == SETTINGS[key]["description"]


def test_an_input_has_the_default_of_its_setting() -> None:
    by_name = {one.name.replace("_", ""): one.default for one in fields(RrwebStoreArgs)}
    defaults = {key: by_name[key.lower()] for key in SHARED}

    # Through JSON, which has one kind of list.
    assert json.loads(json.dumps(defaults)) == {key: SETTINGS[key]["default"] for key in SHARED}


def test_only_the_region_must_be_given() -> None:
    assert [key for key, one in INPUTS.items() if not one.optional] == ["region"]
