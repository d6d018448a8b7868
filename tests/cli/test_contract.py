"""The command line says what openapi.yaml, the pool's client and its own page say."""

import re
import tomllib
from typing import Any

import pytest

from components.access.user_auth import COMMAND_LINE_PORTS, command_line_callbacks
from components.api.parameter import pattern_of
from rrweb_store import errors
from rrweb_store.api import OPERATIONS, WITHOUT_TOKEN
from rrweb_store.filters import FILTERS
from rrweb_store.loopback import PORTS, redirect_uri
from rrweb_store.main import INTERRUPTED, cli
from rrweb_store.recording_ref import RECORDING_ID, SITE_ID
from sandbox.program import PROJECT
from tests.contract import CONTRACT

PAGE = (PROJECT / "docs" / "cli.md").read_text(encoding="utf-8")


def contract_operations() -> dict[str, tuple[str, str, Any]]:
    return {
        one["operationId"]: (method.upper(), path, one)
        for path, methods in CONTRACT["paths"].items()
        for method, one in methods.items()
        if method != "parameters"
    }


def test_each_operation_has_the_contracts_method_and_path() -> None:
    contract = contract_operations()

    assert dict(OPERATIONS) == {name: contract[name][:2] for name in OPERATIONS}


def test_an_operation_gets_a_token_where_the_contract_wants_one() -> None:
    contract = contract_operations()

    assert {name for name in OPERATIONS if contract[name][2]["security"] == []} == WITHOUT_TOKEN


@pytest.mark.parametrize("operation", ["listRecordings", "listSiteRecordings"])
def test_list_has_an_option_for_each_filter_of_the_contract_and_no_other(operation: str) -> None:
    named = [one["$ref"] for one in contract_operations()[operation][2]["parameters"]]
    parameters = [CONTRACT["components"]["parameters"][one.split("/")[-1]] for one in named]

    assert {one.query for one in FILTERS} | {"limit", "cursor"} == {
        one["name"] for one in parameters if one["in"] == "query"
    }


def test_an_argument_is_checked_by_the_contracts_patterns() -> None:
    assert RECORDING_ID.pattern == pattern_of(CONTRACT, "recordingId")
    assert SITE_ID.pattern == pattern_of(CONTRACT, "siteId")


def test_the_pools_client_knows_each_port_that_the_command_line_may_listen_at() -> None:
    assert PORTS == COMMAND_LINE_PORTS
    assert tuple(map(redirect_uri, PORTS)) == command_line_callbacks()


def test_the_command_line_has_the_version_and_the_pins_of_the_program() -> None:
    root, own = (
        tomllib.loads((PROJECT / path).read_text(encoding="utf-8"))
        for path in ("pyproject.toml", "cli/pyproject.toml")
    )

    assert own["project"]["version"] == root["project"]["version"]
    pins = {*own["project"]["dependencies"], *own["project"]["optional-dependencies"]["mcp"]}
    assert pins - set(root["dependency-groups"]["dev"]) == set()


def test_the_page_has_a_heading_for_each_command_and_no_other() -> None:
    assert set(re.findall(r"^### `(\w+)`", PAGE, re.MULTILINE)) == set(cli.commands)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_page_names_each_option_of_a_command_and_no_other(name: str) -> None:
    section = PAGE.split(f"### `{name}`")[1].split("\n### ")[0].split("\n## ")[0]
    options = {
        option
        for parameter in cli.commands[name].params
        for option in parameter.opts
        if option.startswith("--")
    }

    assert set(re.findall(r"--[a-z][a-z-]*", section)) - {"--json", "--site"} == options - {
        "--json",
        "--site",
    }


def test_the_page_has_each_exit_code() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type)]
    codes = {one.exit_code for one in kinds if issubclass(one, errors.StoreError)}

    assert set(map(int, re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE))) == {
        0,
        *codes,
        INTERRUPTED,
    }
